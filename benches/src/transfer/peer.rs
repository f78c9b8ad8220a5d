//! A peer in a process of its own: a program of `benches/transfer-peers`, which measures itself and
//! is told when.

use super::Mover;
use crate::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The program, and what it said of itself.
pub(super) struct Peer {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    name: String,
    gas: u64,
}

impl Peer {
    /// Starts the program.
    ///
    /// # Errors
    /// Where there is none, or it does not speak as it should.
    pub(super) fn start(program: &str) -> Result<Self, Error> {
        let mut command = Command::new(program);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let to = child.stdin.take().ok_or("a child has an input")?;
        let from = BufReader::new(child.stdout.take().ok_or("a child has an output")?);
        let mut peer = Peer { child, to, from, name: String::new(), gas: 0 };
        let line = peer.line()?;
        let (name, gas) = line.rsplit_once(' ').ok_or_else(|| format!("`{line}`"))?;
        (peer.name, peer.gas) = (name.into(), gas.parse()?);
        Ok(peer)
    }

    fn line(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        match self.from.read_line(&mut line)? {
            0 => Err(format!("{} has ended", self.name).into()),
            _ => Ok(line.trim_end().into()),
        }
    }
}

impl Mover for Peer {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn batch(&mut self, first: u64, count: u64) -> Result<Duration, Error> {
        writeln!(self.to, "{first} {count}")?;
        self.to.flush()?;
        Ok(Duration::from_nanos(self.line()?.parse()?))
    }

    fn gas(&mut self) -> Result<u64, Error> {
        Ok(self.gas)
    }
}

impl Drop for Peer {
    /// It would end by itself when its input does; nobody has to wait for that.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
