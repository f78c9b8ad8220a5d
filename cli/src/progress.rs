//! How far long work has come, on the standard error, for people only: never with `--json`, never
//! where the standard error is no terminal.

use std::io::IsTerminal;
use std::time::Duration;

use dytallix::state::Checking;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that shows how far work has come, and goes away when it is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Progress of work of so many steps, or of nobody knows how many.
    pub(crate) fn new(what: &'static str, steps: Option<u64>, json: bool) -> Self {
        if json || !std::io::stderr().is_terminal() {
            return Progress { bar: ProgressBar::hidden() };
        }
        let template = match steps {
            Some(_) => "{msg} {wide_bar} {human_pos} of {human_len}",
            None => "{spinner} {msg} {human_pos}",
        };
        let bar = ProgressBar::with_draw_target(steps, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    /// Says what is being done now.
    pub(crate) fn say(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    /// So many steps have been done.
    pub(crate) fn reach(&self, steps: u64) {
        self.bar.set_position(steps);
    }

    /// A check has come so far.
    pub(crate) fn reach_check(&self, checking: Checking) {
        match checking {
            Checking::Rows(rows) => {
                self.say("rows");
                self.reach(rows);
            }
            Checking::Height(height) => {
                self.say("back at height");
                self.reach(height.number());
            }
            _ => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
