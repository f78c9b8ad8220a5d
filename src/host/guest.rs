//! The guest's memory as host functions see it: every access is a range that has been checked.

use dytallix_abi::HostTrap;

use super::Stop;

/// The memory of the running instance. Pointers and lengths are the guest's, read as unsigned.
pub(super) struct Guest<'a> {
    memory: &'a mut [u8],
}

impl<'a> Guest<'a> {
    pub(super) fn new(memory: &'a mut [u8]) -> Self {
        Guest { memory }
    }

    /// The `length` bytes at `pointer`. An empty range may begin at the very end of the memory.
    pub(super) fn bytes(&self, pointer: u32, length: u32) -> Result<&[u8], Stop> {
        let range = range(pointer, length)?;
        self.memory.get(range).ok_or(Stop::Trap(HostTrap::MemoryOutOfBounds))
    }

    /// The `N` bytes at `pointer`.
    pub(super) fn array<const N: usize>(&self, pointer: u32) -> Result<[u8; N], Stop> {
        let bytes = self.bytes(pointer, N as u32)?;
        bytes.try_into().map_err(|_| Stop::Trap(HostTrap::MemoryOutOfBounds))
    }

    /// Copies `data` to `pointer`.
    pub(super) fn write(&mut self, pointer: u32, data: &[u8]) -> Result<(), Stop> {
        let length = u32::try_from(data.len());
        let range = range(pointer, length.map_err(|_| Stop::Trap(HostTrap::MemoryOutOfBounds))?)?;
        let target = self.memory.get_mut(range).ok_or(Stop::Trap(HostTrap::MemoryOutOfBounds))?;
        target.copy_from_slice(data);
        Ok(())
    }
}

/// The sum of two `u32` always fits 64 bits; where `usize` is smaller the range is out of bounds.
fn range(pointer: u32, length: u32) -> Result<core::ops::Range<usize>, Stop> {
    let end = u64::from(pointer) + u64::from(length);
    let end = usize::try_from(end).map_err(|_| Stop::Trap(HostTrap::MemoryOutOfBounds))?;
    Ok(end - length as usize..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUT_OF_BOUNDS: Stop = Stop::Trap(HostTrap::MemoryOutOfBounds);

    #[test]
    fn ranges_are_checked_at_the_end_of_memory_and_of_the_address_space() {
        let mut memory = [7; 100];
        let guest = Guest::new(&mut memory);
        for (pointer, length) in [(0, 0), (0, 100), (99, 1), (100, 0), (50, 50)] {
            assert_eq!(guest.bytes(pointer, length).map(<[u8]>::len), Ok(length as usize));
        }
        for (pointer, length) in [
            (0, 101),
            (99, 2),
            (100, 1),
            (101, 0),
            (u32::MAX, 0),
            (u32::MAX, u32::MAX),
            (1, u32::MAX),
        ] {
            assert_eq!(guest.bytes(pointer, length), Err(OUT_OF_BOUNDS), "{pointer} {length}");
        }
    }

    #[test]
    fn arrays_and_writes_are_checked() {
        let mut memory = [0; 40];
        let mut guest = Guest::new(&mut memory);
        assert_eq!(guest.write(8, &[9; 32]), Ok(()));
        assert_eq!(guest.array(8), Ok([9; 32]));
        assert_eq!(guest.array::<32>(9), Err(OUT_OF_BOUNDS));
        assert_eq!(guest.write(9, &[1; 32]), Err(OUT_OF_BOUNDS));
        assert_eq!(guest.array(8), Ok([9; 32]), "a refused write writes nothing");
        assert_eq!(guest.write(u32::MAX, &[1]), Err(OUT_OF_BOUNDS));
    }
}
