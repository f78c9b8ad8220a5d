//! Linear memory: loads, stores, size, growth, bulk operators.

use dytallix::wasm::{MemArg, Operator};

use super::Trap;
use super::machine::Machine;
use super::store::{Memory, PAGE_BYTES};
use crate::Value;

/// Started units of this many bytes are what bulk operators pay for.
const BULK_UNIT_BYTES: u64 = 64;

impl<'m> Machine<'m> {
    /// Executes `operator` if it is a load or a store.
    pub(super) fn execute_memory(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        self.load(operator).or_else(|| self.store_to_memory(operator))
    }

    fn load(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        let loaded = match *operator {
            Operator::I32Load { memarg } => {
                self.read(memarg).map(|b| Value::I32(u32::from_le_bytes(b)))
            }
            Operator::I64Load { memarg } => {
                self.read(memarg).map(|b| Value::I64(u64::from_le_bytes(b)))
            }
            Operator::F32Load { memarg } => {
                self.read(memarg).map(|b| Value::F32(u32::from_le_bytes(b)))
            }
            Operator::F64Load { memarg } => {
                self.read(memarg).map(|b| Value::F64(u64::from_le_bytes(b)))
            }
            Operator::I32Load8S { memarg } => {
                self.read_signed::<1>(memarg).map(|v| Value::I32(v as u32))
            }
            Operator::I32Load8U { memarg } => {
                self.read_unsigned::<1>(memarg).map(|v| Value::I32(v as u32))
            }
            Operator::I32Load16S { memarg } => {
                self.read_signed::<2>(memarg).map(|v| Value::I32(v as u32))
            }
            Operator::I32Load16U { memarg } => {
                self.read_unsigned::<2>(memarg).map(|v| Value::I32(v as u32))
            }
            Operator::I64Load8S { memarg } => {
                self.read_signed::<1>(memarg).map(|v| Value::I64(v as u64))
            }
            Operator::I64Load8U { memarg } => self.read_unsigned::<1>(memarg).map(Value::I64),
            Operator::I64Load16S { memarg } => {
                self.read_signed::<2>(memarg).map(|v| Value::I64(v as u64))
            }
            Operator::I64Load16U { memarg } => self.read_unsigned::<2>(memarg).map(Value::I64),
            Operator::I64Load32S { memarg } => {
                self.read_signed::<4>(memarg).map(|v| Value::I64(v as u64))
            }
            Operator::I64Load32U { memarg } => self.read_unsigned::<4>(memarg).map(Value::I64),
            _ => return None,
        };
        Some(loaded.map(|value| self.operands.0.push(value)))
    }

    fn store_to_memory(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        Some(match *operator {
            Operator::I32Store { memarg }
            | Operator::F32Store { memarg }
            | Operator::I64Store32 { memarg } => self.write::<4>(memarg),
            Operator::I64Store { memarg } | Operator::F64Store { memarg } => {
                self.write::<8>(memarg)
            }
            Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => {
                self.write::<1>(memarg)
            }
            Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => {
                self.write::<2>(memarg)
            }
            _ => return None,
        })
    }

    /// Pops an address and reads the bytes at it.
    fn read<const N: usize>(&mut self, memarg: MemArg) -> Result<[u8; N], Trap> {
        let address: u32 = self.operands.pop();
        let start = u64::from(address) + memarg.offset;
        let memory = self.memory(memarg.memory);
        check_bounds(start, N as u64, memory.bytes.len())?;
        let mut bytes = [0; N];
        bytes.copy_from_slice(&memory.bytes[start as usize..][..N]);
        Ok(bytes)
    }

    fn read_unsigned<const N: usize>(&mut self, memarg: MemArg) -> Result<u64, Trap> {
        let bytes = self.read::<N>(memarg)?;
        // The first byte is the least significant one.
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn read_signed<const N: usize>(&mut self, memarg: MemArg) -> Result<i64, Trap> {
        let unused_bits = 64 - 8 * N as u32;
        self.read_unsigned::<N>(memarg).map(|v| (v << unused_bits) as i64 >> unused_bits)
    }

    /// Pops a value and an address and writes the value's low bytes there.
    fn write<const N: usize>(&mut self, memarg: MemArg) -> Result<(), Trap> {
        let bytes = match self.operands.pop_value() {
            Value::I32(v) | Value::F32(v) => u64::from(v).to_le_bytes(),
            Value::I64(v) | Value::F64(v) => v.to_le_bytes(),
            Value::Ref(_) => unreachable!("validated: references are never stored"),
        };
        let address: u32 = self.operands.pop();
        let start = u64::from(address) + memarg.offset;
        let memory = self.memory(memarg.memory);
        check_bounds(start, N as u64, memory.bytes.len())?;
        memory.bytes[start as usize..][..N].copy_from_slice(&bytes[..N]);
        Ok(())
    }

    /// Executes `operator` if it is about a memory as a whole, or about a range of it.
    pub(super) fn execute_bulk_memory(
        &mut self,
        operator: &Operator<'m>,
    ) -> Option<Result<(), Trap>> {
        Some(match *operator {
            Operator::MemorySize { mem } => {
                let pages = self.memory(mem).pages();
                self.operands.push(pages as u32);
                Ok(())
            }
            Operator::MemoryGrow { mem } => self.memory_grow(mem),
            Operator::MemoryInit { data_index, mem } => self.memory_init(data_index, mem),
            Operator::MemoryCopy { dst_mem, src_mem } => self.memory_copy(dst_mem, src_mem),
            Operator::MemoryFill { mem } => self.memory_fill(mem),
            Operator::DataDrop { data_index } => {
                self.instance().data[data_index as usize].clear();
                Ok(())
            }
            _ => return None,
        })
    }

    /// Grows a memory by the popped number of pages; pushes the former size, or −1 if a limit
    /// refuses.
    fn memory_grow(&mut self, mem: u32) -> Result<(), Trap> {
        let delta = u64::from(self.operands.pop::<u32>());
        let limit = u64::from(self.store.limits.memory_pages);
        let memory = self.memory(mem);
        let limit = memory.ty.max.map_or(limit, |max| max.min(limit));
        let (old, new) = (memory.pages(), memory.pages() + delta);
        if new > limit {
            self.operands.push(-1i32);
            return Ok(());
        }
        let (held, limit) = self.store.budget.unwrap_or((0, limit));
        if held + new > limit {
            self.operands.push(-1i32);
            return Ok(());
        }
        // The n-th page, those of others first, is dear if half of the limit is less than n.
        let cheap_pages = (held + new).min(limit / 2) - (held + old).min(limit / 2);
        let dear_pages = delta - cheap_pages;
        let schedule = self.store.schedule.clone();
        self.meter.charge(
            u64::from(schedule.grow_page) * cheap_pages
                + u64::from(schedule.grow_page_dear) * dear_pages,
        )?;
        self.memory(mem).bytes.resize((new * PAGE_BYTES) as usize, 0);
        self.operands.push(old as u32);
        Ok(())
    }

    fn memory_init(&mut self, data_index: u32, mem: u32) -> Result<(), Trap> {
        let (to, from, count) = self.pop_range();
        let data = self.instance().data[data_index as usize].clone();
        check_bounds(from, count, data.len())?;
        check_bounds(to, count, self.memory(mem).bytes.len())?;
        self.charge_bulk(count)?;
        let source = &data[from as usize..][..count as usize];
        self.memory(mem).bytes[to as usize..][..count as usize].copy_from_slice(source);
        Ok(())
    }

    fn memory_copy(&mut self, dst_mem: u32, src_mem: u32) -> Result<(), Trap> {
        let (to, from, count) = self.pop_range();
        check_bounds(from, count, self.memory(src_mem).bytes.len())?;
        check_bounds(to, count, self.memory(dst_mem).bytes.len())?;
        self.charge_bulk(count)?;
        // By way of a copy, so that overlapping ranges need no thought.
        let source = self.memory(src_mem).bytes[from as usize..][..count as usize].to_vec();
        self.memory(dst_mem).bytes[to as usize..][..count as usize].copy_from_slice(&source);
        Ok(())
    }

    fn memory_fill(&mut self, mem: u32) -> Result<(), Trap> {
        let count = u64::from(self.operands.pop::<u32>());
        let byte = self.operands.pop::<u32>() as u8;
        let to = u64::from(self.operands.pop::<u32>());
        check_bounds(to, count, self.memory(mem).bytes.len())?;
        self.charge_bulk(count)?;
        self.memory(mem).bytes[to as usize..][..count as usize].fill(byte);
        Ok(())
    }

    /// Pops the operands of an initialisation or a copy: where to, where from, how many.
    pub(super) fn pop_range(&mut self) -> (u64, u64, u64) {
        let count: u32 = self.operands.pop();
        let from: u32 = self.operands.pop();
        let to: u32 = self.operands.pop();
        (to.into(), from.into(), count.into())
    }

    fn charge_bulk(&mut self, bytes: u64) -> Result<(), Trap> {
        let price = self.store.schedule.bulk_per_64_bytes;
        self.meter.charge_each(price.into(), bytes.div_ceil(BULK_UNIT_BYTES))
    }

    fn memory(&mut self, mem: u32) -> &mut Memory {
        let address = self.instance().memories[mem as usize];
        &mut self.store.memories[address as usize]
    }
}

/// A trap unless `count` bytes from `start` lie within `length` bytes.
pub(super) fn check_bounds(start: u64, count: u64, length: usize) -> Result<(), Trap> {
    match start + count <= length as u64 {
        true => Ok(()),
        false => Err(Trap::MemoryOutOfBounds),
    }
}
