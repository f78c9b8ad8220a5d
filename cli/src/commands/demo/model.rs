//! What has to come out, in a few lines.

/// Token balances and sums of the accounts.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// Tokens of each account.
    pub(super) tokens: Vec<u128>,
    /// Tokens of the contract that votes.
    pub(super) fund: u128,
    /// What each account has added to the counter.
    pub(super) sums: Vec<u64>,
}

impl Model {
    /// The first account has all tokens.
    pub(super) fn new(accounts: usize, supply: u128) -> Model {
        let mut tokens = vec![0; accounts];
        tokens[0] = supply;
        Model { tokens, fund: 0, sums: vec![0; accounts] }
    }

    /// All tokens together.
    pub(super) fn supply(&self) -> u128 {
        self.tokens.iter().sum::<u128>() + self.fund
    }

    /// Moves tokens between accounts: whether it succeeds.
    pub(super) fn transfer(&mut self, from: usize, to: usize, amount: u128) -> bool {
        let Some(left) = self.tokens[from].checked_sub(amount) else { return false };
        self.tokens[from] = left;
        self.tokens[to] += amount;
        true
    }

    /// Moves tokens from an account to the fund.
    pub(super) fn give(&mut self, from: usize, amount: u128) -> bool {
        let Some(left) = self.tokens[from].checked_sub(amount) else { return false };
        self.tokens[from] = left;
        self.fund += amount;
        true
    }

    /// Moves tokens from the fund to an account.
    pub(super) fn pay(&mut self, to: usize, amount: u128) -> bool {
        let Some(left) = self.fund.checked_sub(amount) else { return false };
        self.fund = left;
        self.tokens[to] += amount;
        true
    }
}
