//! What a stretch of work cost this process: CPU, wall time, bytes written, peak memory.

use crate::Error;
use cpu_time::ProcessTime;
use std::fmt::Display;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// The clocks and counters of this process when a stretch began.
pub(crate) struct Start {
    wall: Instant,
    cpu: ProcessTime,
    system_ticks: u64,
    io: Io,
}

/// What a stretch cost. Bytes are those of `/proc/self/io`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    /// User and system time of all threads.
    pub(crate) cpu: Duration,
    /// The part of `cpu` that the kernel took; Linux counts it in ticks of 10 ms.
    pub(crate) system: Duration,
    /// Time on the wall.
    pub(crate) wall: Duration,
    /// Bytes that writes passed to the kernel (`wchar`); io_uring writes are not among them.
    pub(crate) passed_bytes: u64,
    /// Bytes of the pages that became dirty or were written directly (`write_bytes`).
    pub(crate) disk_bytes: u64,
}

#[derive(Clone, Copy)]
struct Io {
    passed_bytes: u64,
    disk_bytes: u64,
}

impl Start {
    /// Begins a stretch.
    ///
    /// # Errors
    /// A system without `/proc` or without a process clock.
    pub(crate) fn now() -> Result<Self, Error> {
        Ok(Self {
            io: Io::read()?,
            system_ticks: system_ticks()?,
            wall: Instant::now(),
            cpu: ProcessTime::try_now()?,
        })
    }

    /// What has been spent since.
    ///
    /// # Errors
    /// As [`Start::now`].
    pub(crate) fn cost(&self) -> Result<Cost, Error> {
        let (cpu, wall) = (self.cpu.try_elapsed()?, self.wall.elapsed());
        let io = Io::read()?;
        Ok(Cost {
            cpu,
            wall,
            system: Duration::from_millis(10 * (system_ticks()? - self.system_ticks)),
            passed_bytes: io.passed_bytes - self.io.passed_bytes,
            disk_bytes: io.disk_bytes - self.io.disk_bytes,
        })
    }
}

impl Cost {
    /// The sum of two stretches.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            cpu: self.cpu + other.cpu,
            system: self.system + other.system,
            wall: self.wall + other.wall,
            passed_bytes: self.passed_bytes + other.passed_bytes,
            disk_bytes: self.disk_bytes + other.disk_bytes,
        }
    }
}

impl Io {
    fn read() -> Result<Self, Error> {
        let text = std::fs::read_to_string("/proc/self/io")?;
        let field = |name| field(&text, name).ok_or("a field of /proc/self/io is missing");
        Ok(Self { passed_bytes: field("wchar:")?, disk_bytes: field("write_bytes:")? })
    }
}

/// The largest resident memory that this process has had, in KiB.
///
/// # Errors
/// A system without `/proc`.
pub(crate) fn peak_memory_kib() -> Result<u64, Error> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    field(&text, "VmHWM:").ok_or_else(|| "no VmHWM in /proc/self/status".into())
}

/// Field 15 of `/proc/self/stat`: the name in field 2 may contain spaces, so count after it.
fn system_ticks() -> Result<u64, Error> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit_once(')').ok_or("/proc/self/stat has no name")?.1;
    let ticks = after_name.split_whitespace().nth(12).ok_or("/proc/self/stat is short")?;
    Ok(ticks.parse()?)
}

/// The number after `name` in a text of lines `name number`.
fn field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// `name=value` words, the form in which child processes report to their parent.
pub(crate) struct Words(String);

impl Words {
    /// Takes a line apart later, on demand.
    pub(crate) fn new(line: &str) -> Self {
        Self(line.to_owned())
    }

    /// The value of `name`.
    ///
    /// # Errors
    /// A word that is missing or not of this type.
    pub(crate) fn value<T: FromStr>(&self, name: &str) -> Result<T, Error> {
        let find = |word: &str| Some(word.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
        let found = self.0.split_whitespace().find_map(find).flatten();
        found.ok_or_else(|| format!("no `{name}` in the report `{}`", self.0.trim()).into())
    }

    /// The costs that [`Cost`] writes.
    ///
    /// # Errors
    /// As [`Words::value`].
    pub(crate) fn cost(&self) -> Result<Cost, Error> {
        Ok(Cost {
            cpu: Duration::from_nanos(self.value("cpu")?),
            system: Duration::from_nanos(self.value("system")?),
            wall: Duration::from_nanos(self.value("wall")?),
            passed_bytes: self.value("passed")?,
            disk_bytes: self.value("disk")?,
        })
    }
}

impl Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (cpu, system, wall) =
            (self.cpu.as_nanos(), self.system.as_nanos(), self.wall.as_nanos());
        let (passed, disk) = (self.passed_bytes, self.disk_bytes);
        write!(f, "cpu={cpu} system={system} wall={wall} passed={passed} disk={disk}")
    }
}
