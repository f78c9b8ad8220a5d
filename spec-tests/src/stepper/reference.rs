//! References and tables.

use dytallix::wasm::Operator;

use super::Trap;
use super::machine::Machine;
use super::store::Table;
use crate::Ref;

/// Started units of this many elements are what bulk operators pay for.
const BULK_UNIT_ELEMENTS: u64 = 8;

impl<'m> Machine<'m> {
    /// Executes `operator` if it makes or asks about a reference.
    pub(super) fn execute_reference(
        &mut self,
        operator: &Operator<'m>,
    ) -> Option<Result<(), Trap>> {
        match *operator {
            Operator::RefNull { .. } => self.operands.push(Ref::Null),
            Operator::RefIsNull { .. } => {
                let is_null = self.operands.pop::<Ref>() == Ref::Null;
                self.operands.push(is_null);
            }
            Operator::RefFunc { function_index } => {
                let address = self.instance().functions[function_index as usize];
                self.operands.push(Ref::Func(address));
            }
            _ => return None,
        }
        Some(Ok(()))
    }

    /// Executes `operator` if it is about a table.
    pub(super) fn execute_table(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        Some(match *operator {
            Operator::TableGet { table } => self.table_get(table),
            Operator::TableSet { table } => self.table_set(table),
            Operator::TableSize { table } => {
                let size = self.table(table).elements.len();
                self.operands.push(size as u32);
                Ok(())
            }
            Operator::TableGrow { table } => self.table_grow(table),
            Operator::TableFill { table } => self.table_fill(table),
            Operator::TableCopy { dst_table, src_table } => self.table_copy(dst_table, src_table),
            Operator::TableInit { elem_index, table } => self.table_init(elem_index, table),
            Operator::ElemDrop { elem_index } => {
                self.instance().elements[elem_index as usize].clear();
                Ok(())
            }
            _ => return None,
        })
    }

    fn table_get(&mut self, table: u32) -> Result<(), Trap> {
        let index: u32 = self.operands.pop();
        let element = self.table(table).elements.get(index as usize).copied();
        self.operands.push(element.ok_or(Trap::TableOutOfBounds)?);
        Ok(())
    }

    fn table_set(&mut self, table: u32) -> Result<(), Trap> {
        let value: Ref = self.operands.pop();
        let index: u32 = self.operands.pop();
        let element = self.table(table).elements.get_mut(index as usize);
        *element.ok_or(Trap::TableOutOfBounds)? = value;
        Ok(())
    }

    /// Grows a table by the popped number of elements; pushes the former size, or −1 if a limit
    /// refuses.
    fn table_grow(&mut self, table: u32) -> Result<(), Trap> {
        let delta = u64::from(self.operands.pop::<u32>());
        let value: Ref = self.operands.pop();
        let limit = u64::from(self.store.limits.table_elements);
        let target = self.table(table);
        let limit = target.ty.max.map_or(limit, |max| max.min(limit));
        let old = target.elements.len() as u64;
        if old + delta > limit {
            self.operands.push(-1i32);
            return Ok(());
        }
        self.charge_elements(delta)?;
        self.table(table).elements.resize((old + delta) as usize, value);
        self.operands.push(old as u32);
        Ok(())
    }

    fn table_fill(&mut self, table: u32) -> Result<(), Trap> {
        let count = u64::from(self.operands.pop::<u32>());
        let value: Ref = self.operands.pop();
        let to = u64::from(self.operands.pop::<u32>());
        check_bounds(to, count, self.table(table).elements.len())?;
        self.charge_elements(count)?;
        self.table(table).elements[to as usize..][..count as usize].fill(value);
        Ok(())
    }

    fn table_copy(&mut self, dst_table: u32, src_table: u32) -> Result<(), Trap> {
        let (to, from, count) = self.pop_range();
        check_bounds(from, count, self.table(src_table).elements.len())?;
        check_bounds(to, count, self.table(dst_table).elements.len())?;
        self.charge_elements(count)?;
        let source = self.table(src_table).elements[from as usize..][..count as usize].to_vec();
        self.table(dst_table).elements[to as usize..][..count as usize].copy_from_slice(&source);
        Ok(())
    }

    fn table_init(&mut self, elem_index: u32, table: u32) -> Result<(), Trap> {
        let (to, from, count) = self.pop_range();
        let items = self.instance().elements[elem_index as usize].clone();
        check_bounds(from, count, items.len())?;
        check_bounds(to, count, self.table(table).elements.len())?;
        self.charge_elements(count)?;
        let source = &items[from as usize..][..count as usize];
        self.table(table).elements[to as usize..][..count as usize].copy_from_slice(source);
        Ok(())
    }

    fn charge_elements(&mut self, elements: u64) -> Result<(), Trap> {
        let price = self.store.schedule.table_per_8_elements;
        self.meter.charge_each(price.into(), elements.div_ceil(BULK_UNIT_ELEMENTS))
    }

    fn table(&mut self, table: u32) -> &mut Table {
        let address = self.instance().tables[table as usize];
        &mut self.store.tables[address as usize]
    }
}

/// A trap unless `count` elements from `start` lie within `length` elements.
pub(super) fn check_bounds(start: u64, count: u64, length: usize) -> Result<(), Trap> {
    match start + count <= length as u64 {
        true => Ok(()),
        false => Err(Trap::TableOutOfBounds),
    }
}
