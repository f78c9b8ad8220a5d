//! Strategies of `proptest`: values of the types of an ABI, calls of its methods, sequences of
//! them.

use std::ops::RangeInclusive;
use std::rc::Rc;

use dytallix_abi::schema::{Field, Method, Type, TypeId};
use dytallix_abi::{Abi, Address, Bytes, Hash, MethodKind, Value};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::{NewTree, Union};
use proptest::test_runner::TestRunner;

use super::{PlannedCall, Sequence};

/// Most elements of a list, a set or a map.
const ELEMENTS: usize = 4;

/// Longest text and string of bytes.
const LENGTH: usize = 16;

/// Sequences of calls of the methods that an ABI has, from these accounts: a strategy, to be
/// narrowed down where that is wanted.
///
/// Addresses are mostly those of the accounts. Integers are small, in between, at the ends of their
/// type, or anything. Payable methods get value now and then. Constructors, migrations and views
/// are not called.
///
/// ```no_run
/// # use dytallix_testkit::Suite;
/// # use dytallix_testkit::proptest::prelude::*;
/// use dytallix_testkit::{run_sequence, strategy};
///
/// # fn test(suite: Suite, token: dytallix_testkit::Address) {
/// let accounts = [suite.account("alice"), suite.account("bob")];
/// let before = suite.snapshot();
/// let calls = strategy::calls(&suite.abi(token), &accounts).length(1..=10);
/// proptest!(|(sequence in calls)| {
///     suite.revert(before);
///     run_sequence(&suite, token, &sequence, |step| {
///         prop_assert!(step.gas_used() < 1_000_000);
///         Ok(())
///     })?;
/// });
/// # }
/// ```
#[must_use]
pub fn calls(abi: &Abi, accounts: &[Address]) -> Calls {
    Calls {
        abi: Rc::new(abi.clone()),
        accounts: accounts.to_vec(),
        length: 1..=20,
        only: None,
        without: Vec::new(),
        most_value: 1_000,
    }
}

/// The strategy that [`calls`] makes.
#[derive(Clone, Debug)]
pub struct Calls {
    abi: Rc<Abi>,
    accounts: Vec<Address>,
    length: RangeInclusive<usize>,
    only: Option<Vec<String>>,
    without: Vec<String>,
    most_value: u128,
}

impl Calls {
    /// So many calls in a sequence; 1 to 20 where nothing is said.
    #[must_use]
    pub fn length(self, length: RangeInclusive<usize>) -> Calls {
        Calls { length, ..self }
    }

    /// Of these methods only.
    #[must_use]
    pub fn only(self, methods: &[&str]) -> Calls {
        let only = Some(methods.iter().map(|method| (*method).to_owned()).collect());
        Calls { only, ..self }
    }

    /// Of none of these methods.
    #[must_use]
    pub fn without(mut self, methods: &[&str]) -> Calls {
        self.without.extend(methods.iter().map(|method| (*method).to_owned()));
        self
    }

    /// With at most that much value in a call of a payable method; 1,000 where nothing is said.
    #[must_use]
    pub fn most_value(self, most_value: u128) -> Calls {
        Calls { most_value, ..self }
    }

    /// The methods that are called.
    fn methods(&self) -> impl Iterator<Item = &Method> {
        let wanted = |method: &&Method| {
            method.kind == MethodKind::Call
                && self.only.as_ref().is_none_or(|only| only.contains(&method.name))
                && !self.without.contains(&method.name)
        };
        self.abi.methods.iter().filter(wanted)
    }

    /// Sequences of calls.
    ///
    /// # Panics
    ///
    /// If there is no account, no method to call, or a name that is not one of the methods'.
    #[track_caller]
    fn sequences(&self) -> BoxedStrategy<Sequence> {
        assert!(!self.accounts.is_empty(), "calls need an account that they come from");
        for name in self.only.iter().flatten().chain(&self.without) {
            assert!(self.abi.method(name).is_some(), "{} has no method `{name}`", self.abi.name);
        }
        let calls: Vec<_> = self.methods().map(|method| self.call(method)).collect();
        assert!(!calls.is_empty(), "{} has no method to call", self.abi.name);
        let calls = prop::collection::vec(Union::new(calls), self.length.clone());
        calls.prop_map(|calls| Sequence { calls }).boxed()
    }

    /// Calls of a method.
    fn call(&self, method: &Method) -> BoxedStrategy<PlannedCall> {
        let (abi, method) = (self.abi.clone(), method.clone());
        let value = match method.payable {
            true => prop_oneof![Just(0), 0..=self.most_value].boxed(),
            false => Just(0).boxed(),
        };
        let from = select(self.accounts.clone());
        let values = fields(&abi, &method.params, &self.accounts);
        let call = (from, values, value).prop_map(move |(from, values, value)| {
            let arguments = abi.encode_fields(&method.params, values.iter().map(|(_, v)| v));
            // Values of the types of this ABI.
            let arguments = arguments.unwrap_or_default();
            PlannedCall { from, method: method.name.clone(), fields: values, arguments, value }
        });
        call.boxed()
    }
}

impl Strategy for Calls {
    type Tree = <BoxedStrategy<Sequence> as Strategy>::Tree;
    type Value = Sequence;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Calls> {
        self.sequences().new_tree(runner)
    }
}

/// Values of a type of an ABI, with the addresses of these accounts and, now and then, the zero
/// address.
///
/// # Panics
///
/// If the table has no such type.
#[track_caller]
pub fn values(abi: &Abi, ty: TypeId, accounts: &[Address]) -> BoxedStrategy<Value> {
    let inner = |ty: &TypeId| values(abi, *ty, accounts);
    let is_byte = |ty: &TypeId| abi.ty(*ty) == Some(&Type::U8);
    let Some(ty) = abi.ty(ty) else { panic!("{} has no type {}", abi.name, ty.0) };
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::U8 => unsigned(u8::MAX).prop_map(|n| Value::U8(n as u8)).boxed(),
        Type::U16 => unsigned(u16::MAX).prop_map(|n| Value::U16(n as u16)).boxed(),
        Type::U32 => unsigned(u32::MAX).prop_map(|n| Value::U32(n as u32)).boxed(),
        Type::U64 => unsigned(u64::MAX).prop_map(|n| Value::U64(n as u64)).boxed(),
        Type::U128 => unsigned(u128::MAX).prop_map(Value::U128).boxed(),
        Type::I8 => signed(i8::MAX).prop_map(|n| Value::I8(n as i8)).boxed(),
        Type::I16 => signed(i16::MAX).prop_map(|n| Value::I16(n as i16)).boxed(),
        Type::I32 => signed(i32::MAX).prop_map(|n| Value::I32(n as i32)).boxed(),
        Type::I64 => signed(i64::MAX).prop_map(|n| Value::I64(n as i64)).boxed(),
        Type::I128 => signed(i128::MAX).prop_map(Value::I128).boxed(),
        Type::String => text().prop_map(Value::String).boxed(),
        Type::Bytes => bytes(0..=LENGTH).boxed(),
        Type::Address => address(accounts).prop_map(Value::Address).boxed(),
        Type::Hash => hash().prop_map(Value::Hash).boxed(),
        Type::Option(ty) => {
            let some = inner(ty).prop_map(|value| Value::Option(Some(Box::new(value))));
            prop_oneof![Just(Value::Option(None)), some].boxed()
        }
        Type::List(ty) if is_byte(ty) => bytes(0..=LENGTH).boxed(),
        Type::Array(ty, count) if is_byte(ty) => {
            let count = *count as usize;
            bytes(count..=count).boxed()
        }
        Type::List(ty) => list(inner(ty), 0..=ELEMENTS).boxed(),
        Type::Array(ty, count) => {
            let count = *count as usize;
            list(inner(ty), count..=count).boxed()
        }
        Type::Set(ty) => prop::collection::btree_set(inner(ty), 0..=ELEMENTS)
            .prop_map(|set| Value::List(set.into_iter().collect()))
            .boxed(),
        Type::Map(key, value) => {
            prop::collection::btree_map(inner(key), inner(value), 0..=ELEMENTS)
                .prop_map(|map| Value::Map(map.into_iter().collect()))
                .boxed()
        }
        Type::Tuple(parts) => {
            parts.iter().map(inner).collect::<Vec<_>>().prop_map(Value::Tuple).boxed()
        }
        Type::Struct { name, fields: own } => {
            let name = name.clone();
            let fields = fields(abi, own, accounts);
            fields.prop_map(move |fields| Value::Struct { name: name.clone(), fields }).boxed()
        }
        Type::Enum { variants, .. } => {
            let variants = variants.iter().map(|variant| {
                let (index, variant, own) = (variant.index, variant.name.clone(), &variant.fields);
                let fields = fields(abi, own, accounts);
                let value = move |fields| Value::Enum { index, variant: variant.clone(), fields };
                fields.prop_map(value).boxed()
            });
            Union::new(variants).boxed()
        }
    }
}

/// Values of fields, by their names.
fn fields(
    abi: &Abi,
    fields: &[Field],
    accounts: &[Address],
) -> BoxedStrategy<Vec<(String, Value)>> {
    let one = |field: &Field| {
        let name = field.name.clone();
        values(abi, field.ty, accounts).prop_map(move |value| (name.clone(), value)).boxed()
    };
    fields.iter().map(one).collect::<Vec<_>>().boxed()
}

/// Numbers up to `max`: small ones, those in between, the ends, and any.
fn unsigned(max: impl Into<u128>) -> impl Strategy<Value = u128> {
    let max = max.into();
    let ends = vec![0, 1, max / 2, max - 1, max];
    prop_oneof![
        4 => 0..=10.min(max),
        3 => 0..=1_000.min(max),
        2 => select(ends),
        1 => 0..=max,
    ]
}

/// Numbers of a signed type whose greatest is `max`.
fn signed(max: impl Into<i128>) -> impl Strategy<Value = i128> {
    let max = max.into();
    let min = -max - 1;
    let ends = vec![min, min + 1, -1, 0, 1, max - 1, max];
    prop_oneof![
        4 => -10..=10_i128,
        2 => select(ends),
        1 => min..=max,
    ]
}

fn text() -> impl Strategy<Value = String> {
    let letters = prop::collection::vec(prop::char::range('a', 'z'), 0..=8);
    let anything = prop::collection::vec(any::<char>(), 0..=LENGTH);
    prop_oneof![4 => letters, 1 => anything].prop_map(|chars| chars.into_iter().collect())
}

fn bytes(length: RangeInclusive<usize>) -> impl Strategy<Value = Value> {
    let bytes = prop::collection::vec(any::<u8>(), length);
    bytes.prop_map(|bytes| Value::Bytes(Bytes::new(bytes)))
}

fn list(
    inner: BoxedStrategy<Value>,
    length: RangeInclusive<usize>,
) -> impl Strategy<Value = Value> {
    prop::collection::vec(inner, length).prop_map(Value::List)
}

fn address(accounts: &[Address]) -> BoxedStrategy<Address> {
    match accounts.is_empty() {
        true => Just(Address::ZERO).boxed(),
        false => prop_oneof![15 => select(accounts.to_vec()), 1 => Just(Address::ZERO)].boxed(),
    }
}

fn hash() -> impl Strategy<Value = Hash> {
    prop_oneof![1 => Just(Hash::ZERO), 3 => any::<[u8; 32]>().prop_map(Hash::new)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account;
    use crate::tests::{Everything, token_abi};
    use proptest::strategy::ValueTree;
    use std::collections::BTreeSet;

    fn runner() -> TestRunner {
        TestRunner::deterministic()
    }

    fn some(calls: &Calls) -> Vec<Sequence> {
        let mut runner = runner();
        (0..50).map(|_| calls.new_tree(&mut runner).expect("a sequence").current()).collect()
    }

    #[test]
    fn values_of_every_type_are_encoded_and_decoded() {
        let abi = Abi::decode(Everything::abi()).expect("a section");
        let accounts = [account("alice"), account("bob")];
        let method = abi.method("take").expect("a method");
        for sequence in some(&calls(&abi, &accounts)) {
            for call in sequence.calls {
                let fields = abi.decode_fields(&method.params, &call.arguments);
                assert_eq!(fields, Ok(call.fields));
            }
        }
    }

    #[test]
    fn only_methods_that_change_something_are_called() {
        let (abi, accounts) = (token_abi(), [account("alice")]);
        let methods = |calls: Calls| -> BTreeSet<String> {
            let all = some(&calls).into_iter().flat_map(|sequence| sequence.calls);
            all.map(|call| call.method).collect()
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let all = calls(&abi, &accounts);
        assert_eq!(methods(all.clone()), names(&["buy", "transfer"]));
        assert_eq!(methods(all.clone().only(&["buy"])), names(&["buy"]));
        assert_eq!(methods(all.without(&["buy"])), names(&["transfer"]));
    }

    #[test]
    fn senders_values_and_lengths_are_those_that_were_asked_for() {
        let (abi, accounts) = (token_abi(), [account("alice"), account("bob")]);
        let sequences = some(&calls(&abi, &accounts).length(2..=3).most_value(7));
        let mut values = BTreeSet::new();
        for sequence in &sequences {
            assert!((2..=3).contains(&sequence.calls.len()));
            for call in &sequence.calls {
                assert!(accounts.contains(&call.from));
                assert!(call.value == 0 || call.method == "buy");
                values.insert(call.value);
            }
        }
        assert!(values.len() > 3 && values.iter().all(|value| *value <= 7), "{values:?}");
    }

    #[test]
    fn integers_come_small_and_at_the_ends() {
        let mut runner = runner();
        let mut draw = |strategy: BoxedStrategy<i128>| -> BTreeSet<i128> {
            let tree = |runner: &mut TestRunner| strategy.new_tree(runner).expect("a number");
            (0..400).map(|_| tree(&mut runner).current()).collect()
        };
        let numbers = draw(unsigned(u16::MAX).prop_map(|n| n as i128).boxed());
        assert!(numbers.contains(&0) && numbers.contains(&65_535), "{numbers:?}");
        assert!(numbers.iter().all(|n| (0..=65_535).contains(n)));
        let numbers = draw(signed(i16::MAX).boxed());
        assert!(numbers.contains(&-32_768) && numbers.contains(&-1) && numbers.contains(&32_767));
        assert!(numbers.iter().all(|n| (-32_768..=32_767).contains(n)));
    }
}
