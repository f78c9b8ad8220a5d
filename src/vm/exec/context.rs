//! Operators that work on memories, tables, segments and imported globals as a whole.
//!
//! Order of the dynamically priced ones: the operator's own price is paid with its region; bounds
//! are checked; the dynamic price is charged; the work is done.

use super::{Context, Trapped};
use crate::gas::GasSchedule;
use crate::vm::arena::{Arena, InstanceData, null_or_address};
use crate::vm::memory::Memory;

impl Context {
    fn here(&mut self) -> (&mut Arena, usize) {
        let instance = self.instance as usize;
        (self.arena(), instance)
    }

    fn instance(&mut self) -> &mut InstanceData {
        let (arena, instance) = self.here();
        &mut arena.instances[instance]
    }

    fn memory0(&mut self) -> &mut Memory {
        let (arena, instance) = self.here();
        let memory = arena.instances[instance].memories[0];
        &mut arena.memories[memory as usize]
    }

    fn price(&mut self, price: impl FnOnce(&GasSchedule) -> u64) -> Result<(), Trapped> {
        let price = price(self.arena().engine.schedule());
        self.charge(price)
    }

    /// Pages before, or −1 where the limit does not allow it.
    pub(super) fn memory_grow(&mut self, delta: u32) -> Result<u32, Trapped> {
        let memory = self.memory0();
        let (pages, limit) = (memory.pages(), memory.limit_pages());
        let wanted = pages.checked_add(delta).filter(|&p| p <= limit);
        let Some(wanted) = wanted else { return Ok(u32::MAX) };
        let budget = self.arena().memory_budget;
        let (held, most) = budget.map_or((0, limit), |b| (b.held_pages, b.limit_pages));
        if u64::from(held) + u64::from(wanted) > u64::from(most) {
            return Ok(u32::MAX);
        }
        let held = u64::from(held) + u64::from(pages);
        let price = self.arena().engine.schedule().grow_price(held, delta.into(), most.into());
        self.charge(price)?;
        let grow_gas = &mut self.arena().grow_gas;
        *grow_gas = grow_gas.saturating_add(price);
        let grown = self.memory0().grow_to(wanted);
        self.refresh();
        Ok(if grown { pages } else { u32::MAX })
    }

    pub(super) fn memory_copy(&mut self, to: u32, from: u32, count: u32) -> Result<(), Trapped> {
        let memory = self.memory0().bytes();
        let end = span(to, count).max(span(from, count));
        if end > memory.len() as u64 {
            return Err(Trapped::MemoryOutOfBounds);
        }
        self.price(|s| s.bulk_price(count.into()))?;
        let (from, count) = (from as usize, count as usize);
        self.memory0().bytes_mut().copy_within(from..from + count, to as usize);
        Ok(())
    }

    pub(super) fn memory_fill(&mut self, to: u32, byte: u8, count: u32) -> Result<(), Trapped> {
        if span(to, count) > self.memory0().bytes().len() as u64 {
            return Err(Trapped::MemoryOutOfBounds);
        }
        self.price(|s| s.bulk_price(count.into()))?;
        let (to, count) = (to as usize, count as usize);
        self.memory0().bytes_mut()[to..to + count].fill(byte);
        Ok(())
    }

    pub(super) fn memory_init(
        &mut self,
        segment: u32,
        to: u32,
        from: u32,
        count: u32,
    ) -> Result<(), Trapped> {
        let here = self.instance();
        let length = match here.dropped_data[segment as usize] {
            true => 0,
            false => here.program.module().data_segments()[segment as usize].range.len() as u64,
        };
        let out = span(from, count) > length;
        if out || span(to, count) > self.memory0().bytes().len() as u64 {
            return Err(Trapped::MemoryOutOfBounds);
        }
        self.price(|s| s.bulk_price(count.into()))?;
        let (arena, instance) = self.here();
        arena.copy_data(instance, segment, to as usize, from as usize, count as usize);
        Ok(())
    }

    pub(super) fn data_drop(&mut self, segment: u32) {
        self.instance().dropped_data[segment as usize] = true;
    }

    pub(super) fn elem_drop(&mut self, segment: u32) {
        self.instance().dropped_elements[segment as usize] = true;
    }

    pub(super) fn imported_global(&mut self, index: u32) -> u64 {
        let (arena, instance) = self.here();
        let address = arena.instances[instance].imported_globals[index as usize];
        arena.globals[address as usize]
    }

    pub(super) fn set_imported_global(&mut self, index: u32, value: u64) {
        let (arena, instance) = self.here();
        let address = arena.instances[instance].imported_globals[index as usize];
        arena.globals[address as usize] = value;
        self.refresh();
    }

    pub(super) fn ref_func(&mut self, function: u32) -> u64 {
        let (arena, instance) = self.here();
        null_or_address(Some(arena.instances[instance].function(function)))
    }

    fn elements(&mut self, table: u32) -> &mut Vec<u64> {
        let (arena, instance) = self.here();
        let table = arena.instances[instance].tables[table as usize];
        &mut arena.tables[table as usize].elements
    }

    pub(super) fn table_get(&mut self, table: u32, index: u32) -> Result<u64, Trapped> {
        let element = self.elements(table).get(index as usize);
        element.copied().ok_or(Trapped::TableOutOfBounds)
    }

    pub(super) fn table_set(&mut self, table: u32, index: u32, value: u64) -> Result<(), Trapped> {
        let element = self.elements(table).get_mut(index as usize);
        *element.ok_or(Trapped::TableOutOfBounds)? = value;
        self.refresh();
        Ok(())
    }

    pub(super) fn table_size(&mut self, table: u32) -> u32 {
        self.elements(table).len() as u32
    }

    /// Elements before, or −1 where the limit does not allow it.
    pub(super) fn table_grow(
        &mut self,
        table: u32,
        delta: u32,
        value: u64,
    ) -> Result<u32, Trapped> {
        let (arena, instance) = self.here();
        let address = arena.instances[instance].tables[table as usize];
        let grown = &arena.tables[address as usize];
        let (size, limit) = (grown.elements.len() as u32, grown.limit);
        let wanted = size.checked_add(delta).filter(|&s| s <= limit);
        let Some(wanted) = wanted else { return Ok(u32::MAX) };
        self.price(|s| s.table_price(delta.into()))?;
        self.elements(table).resize(wanted as usize, value);
        self.refresh();
        Ok(size)
    }

    pub(super) fn table_fill(
        &mut self,
        table: u32,
        to: u32,
        value: u64,
        count: u32,
    ) -> Result<(), Trapped> {
        if span(to, count) > self.elements(table).len() as u64 {
            return Err(Trapped::TableOutOfBounds);
        }
        self.price(|s| s.table_price(count.into()))?;
        let (to, count) = (to as usize, count as usize);
        self.elements(table)[to..to + count].fill(value);
        self.refresh();
        Ok(())
    }

    pub(super) fn table_copy(
        &mut self,
        to_table: u32,
        from_table: u32,
        to: u32,
        from: u32,
        count: u32,
    ) -> Result<(), Trapped> {
        let out = span(to, count) > self.elements(to_table).len() as u64;
        if out || span(from, count) > self.elements(from_table).len() as u64 {
            return Err(Trapped::TableOutOfBounds);
        }
        self.price(|s| s.table_price(count.into()))?;
        let (to, from, count) = (to as usize, from as usize, count as usize);
        let (arena, instance) = self.here();
        let tables = &arena.instances[instance].tables;
        let (target, source) = (tables[to_table as usize], tables[from_table as usize]);
        if target == source {
            arena.tables[target as usize].elements.copy_within(from..from + count, to);
        } else {
            for i in 0..count {
                let element = arena.tables[source as usize].elements[from + i];
                arena.tables[target as usize].elements[to + i] = element;
            }
        }
        self.refresh();
        Ok(())
    }

    pub(super) fn table_init(
        &mut self,
        table: u32,
        segment: u32,
        to: u32,
        from: u32,
        count: u32,
    ) -> Result<(), Trapped> {
        let (arena, instance) = self.here();
        let length = arena.instances[instance].segment_len(segment);
        let out = span(from, count) > length;
        if out || span(to, count) > self.elements(table).len() as u64 {
            return Err(Trapped::TableOutOfBounds);
        }
        self.price(|s| s.table_price(count.into()))?;
        let (arena, instance) = self.here();
        let address = arena.instances[instance].tables[table as usize];
        arena.copy_elements(instance, segment, address, to as usize, from as usize, count as usize);
        self.refresh();
        Ok(())
    }
}

use alloc::vec::Vec;

/// End of a span, which does not wrap.
fn span(start: u32, count: u32) -> u64 {
    u64::from(start) + u64::from(count)
}
