//! A contract that has one of everything, as a constant.

use std::collections::{BTreeMap, BTreeSet};

use dytallix_abi::describe::{
    ContractDesc, ErrorDesc, EventDesc, EventFieldDesc, FieldDesc, MethodDesc, StorageDesc,
    StorageKindDesc, TypeDesc, VariantDesc, encode, encoded_len,
};
use dytallix_abi::{Address, Bytes, Capabilities, Describe, Hash, MethodKind, Reentry};

/// `struct Order { id: u64, note: Option<String>, legs: [Leg; 2] }`, `struct Leg(Address, i128)`.
pub(crate) struct Order;

impl Describe for Order {
    const TYPE: &'static TypeDesc = &TypeDesc::Struct {
        name: "Order",
        fields: &[
            FieldDesc { name: "id", ty: u64::TYPE },
            FieldDesc { name: "note", ty: <Option<String>>::TYPE },
            FieldDesc { name: "legs", ty: <[Leg; 2]>::TYPE },
        ],
    };
}

pub(crate) struct Leg;

impl Describe for Leg {
    const TYPE: &'static TypeDesc = &TypeDesc::Struct {
        name: "Leg",
        fields: &[
            FieldDesc { name: "0", ty: Address::TYPE },
            FieldDesc { name: "1", ty: i128::TYPE },
        ],
    };
}

/// `enum Status { Open, Filled { at: u64 }, Split(Vec<u16>) = 7 }`.
pub(crate) struct Status;

impl Describe for Status {
    const TYPE: &'static TypeDesc = &TypeDesc::Enum {
        name: "Status",
        variants: &[
            VariantDesc { index: 0, name: "Open", fields: &[] },
            VariantDesc {
                index: 1,
                name: "Filled",
                fields: &[FieldDesc { name: "at", ty: u64::TYPE }],
            },
            VariantDesc {
                index: 7,
                name: "Split",
                fields: &[FieldDesc { name: "0", ty: <Vec<u16>>::TYPE }],
            },
        ],
    };
}

const METHOD: MethodDesc = MethodDesc {
    name: "",
    kind: MethodKind::Call,
    payable: false,
    reentry: Reentry::Refuse,
    params: &[],
    returns: <()>::TYPE,
    docs: "",
};

type Everything =
    (bool, (i8, i16, i32, i64), Bytes, BTreeSet<Hash>, BTreeMap<(u8, bool), Option<()>>);

pub(crate) const CONTRACT: ContractDesc = ContractDesc {
    name: "Sample",
    schema: 3,
    capabilities: Capabilities::CALL.with(Capabilities::UPGRADE),
    methods: &[
        MethodDesc {
            name: "place",
            payable: true,
            reentry: Reentry::Allow,
            params: &[
                FieldDesc { name: "order", ty: Order::TYPE },
                FieldDesc { name: "tip", ty: u128::TYPE },
            ],
            returns: Status::TYPE,
            docs: "Places an order.\nThe tip is “voluntary”.",
            ..METHOD
        },
        MethodDesc {
            name: "init",
            kind: MethodKind::Init,
            params: &[FieldDesc { name: "owner", ty: Address::TYPE }],
            ..METHOD
        },
        MethodDesc {
            name: "migrate",
            kind: MethodKind::Migrate,
            params: &[FieldDesc { name: "everything", ty: Everything::TYPE }],
            ..METHOD
        },
        MethodDesc {
            name: "orders",
            kind: MethodKind::View,
            returns: <Vec<Order>>::TYPE,
            docs: "All orders.",
            ..METHOD
        },
    ],
    events: &[
        EventDesc {
            name: "Placed",
            fields: &[
                EventFieldDesc { name: "by", ty: Address::TYPE, topic: true },
                EventFieldDesc { name: "order", ty: Order::TYPE, topic: false },
                EventFieldDesc { name: "id", ty: u64::TYPE, topic: true },
            ],
            docs: "An order was placed.",
        },
        EventDesc { name: "Closed", fields: &[], docs: "" },
    ],
    errors: &[
        ErrorDesc {
            index: 1,
            name: "TooLate",
            fields: &[FieldDesc { name: "deadline", ty: u64::TYPE }],
            docs: "The deadline has passed.",
        },
        ErrorDesc { index: 0, name: "NotOwner", fields: &[], docs: "Only the owner may do this." },
    ],
    storage: &[
        StorageDesc {
            handle: "owner",
            prefix: 0,
            kind: StorageKindDesc::Item(Address::TYPE),
            docs: "Who may close.",
        },
        StorageDesc {
            handle: "log",
            prefix: 9,
            kind: StorageKindDesc::List(<(u64, Status)>::TYPE),
            docs: "",
        },
        StorageDesc {
            handle: "names",
            prefix: 2,
            kind: StorageKindDesc::Map(<(Address, (i16, String))>::TYPE, u128::TYPE),
            docs: "",
        },
    ],
    docs: "A contract that has one of everything.",
};

pub(crate) static SECTION: [u8; encoded_len(&CONTRACT)] = encode(&CONTRACT);
