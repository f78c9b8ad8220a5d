//! ABIs that look random and are well formed, and their values.

use dytallix_abi::schema::{
    Abi, ErrorVariant, Event, EventField, Field, Method, Storage, StorageKind, Type, TypeId,
    Variant,
};
use dytallix_abi::{Bytes, Capabilities, MethodKind, Reentry, Value, limits};

use super::{Any, Rng};

/// What the generator knows of an entry of the table.
#[derive(Clone, Copy)]
struct Known {
    depth: u8,
    /// Whether it can have no bytes.
    empty: bool,
    /// Its length, where that is fixed.
    fixed: Option<u32>,
    key: bool,
}

struct Generator<'r> {
    rng: &'r mut Rng,
    types: Vec<Type>,
    known: Vec<Known>,
}

const PRIMITIVES: [(Type, Option<u32>); 15] = [
    (Type::Bool, Some(1)),
    (Type::U8, Some(1)),
    (Type::U16, Some(2)),
    (Type::U32, Some(4)),
    (Type::U64, Some(8)),
    (Type::U128, Some(16)),
    (Type::I8, Some(1)),
    (Type::I16, Some(2)),
    (Type::I32, Some(4)),
    (Type::I64, Some(8)),
    (Type::I128, Some(16)),
    (Type::String, None),
    (Type::Bytes, None),
    (Type::Address, Some(32)),
    (Type::Hash, Some(32)),
];

impl Generator<'_> {
    fn any_type(&mut self) -> TypeId {
        TypeId(self.rng.below(self.types.len()) as u16)
    }

    /// A type that fits, if one is found in a few attempts.
    fn find(&mut self, fits: impl Fn(&Known) -> bool) -> Option<TypeId> {
        (0..20).find_map(|_| {
            let id = self.any_type();
            fits(&self.of(id)).then_some(id)
        })
    }

    fn of(&self, id: TypeId) -> Known {
        self.known[usize::from(id.0)]
    }

    fn fields(&mut self, most: usize) -> (Vec<Field>, Known) {
        let count = self.rng.below(most + 1);
        let tuple = self.rng.one_in(3);
        let mut all = Known { depth: 1, empty: true, fixed: Some(0), key: false };
        let fields = (0..count)
            .map(|at| {
                let ty = self.any_type();
                let known = self.of(ty);
                all.depth = all.depth.max(known.depth + 1);
                all.empty &= known.empty;
                all.fixed = all.fixed.zip(known.fixed).map(|(sum, next)| sum + next);
                Field { name: if tuple { at.to_string() } else { format!("field_{at}") }, ty }
            })
            .collect();
        (fields, all)
    }

    fn composite(&mut self) -> Option<(Type, Known)> {
        let element = self.find(|known| !known.empty)?;
        let any = self.any_type();
        let list = |depth| Known { depth, empty: false, fixed: None, key: false };
        Some(match self.rng.below(8) {
            0 => {
                let fixed = if self.of(any).fixed == Some(0) { Some(1) } else { None };
                let known = Known { fixed, ..list(1 + self.of(any).depth) };
                (Type::Option(any), known)
            }
            1 => (Type::List(element), list(1 + self.of(element).depth)),
            2 => (Type::Set(element), list(1 + self.of(element).depth)),
            3 => {
                (Type::Map(element, any), list(1 + self.of(element).depth.max(self.of(any).depth)))
            }
            4 => {
                let count = self.rng.below(4) as u32;
                let element_known = self.of(element);
                let is_byte = self.types[usize::from(element.0)] == Type::U8;
                let fixed = if count == 0 { Some(0) } else { None };
                let fixed = element_known.fixed.map(|n| n * count).or(fixed);
                let depth = element_known.depth + 1;
                let known = Known { depth, empty: count == 0, fixed, key: is_byte };
                (Type::Array(element, count), known)
            }
            5 => {
                let (fields, known) = self.fields(4);
                (Type::Tuple(fields.iter().map(|field| field.ty).collect()), known)
            }
            6 => {
                let (fields, known) = self.fields(4);
                (Type::Struct { name: format!("Struct{}", self.rng.below(9)), fields }, known)
            }
            _ => {
                let mut depth = 1;
                let mut index = 0;
                let mut variants = Vec::new();
                for at in 0..=self.rng.below(4) {
                    index += self.rng.below(9) as u8;
                    let (fields, known) = self.fields(2);
                    depth = depth.max(known.depth);
                    variants.push(Variant { index, name: format!("Variant{at}"), fields });
                    index += 1;
                }
                (Type::Enum { name: String::from("Enum"), variants }, list(depth))
            }
        })
    }

    fn table(&mut self) {
        for (ty, fixed) in PRIMITIVES {
            self.types.push(ty);
            self.known.push(Known { depth: 1, empty: false, fixed, key: true });
        }
        for _ in 0..self.rng.below(40) {
            match self.composite() {
                Some((ty, known))
                    if known.depth <= limits::TYPE_DEPTH && !self.types.contains(&ty) =>
                {
                    self.types.push(ty);
                    self.known.push(known);
                }
                _ => {}
            }
        }
    }

    fn docs(&mut self) -> String {
        let texts = ["", "A text.", "Two lines,\n\tof which one is indented: “é€”.", "\"\\/"];
        String::from(*self.rng.pick(&texts))
    }

    fn methods(&mut self) -> Vec<Method> {
        let mut methods = Vec::new();
        // Every type is used, the first time as the result of a method.
        for at in 0..self.types.len() as u16 {
            let kind = *self.rng.pick(&[MethodKind::Call, MethodKind::View]);
            let payable = kind == MethodKind::Call && self.rng.one_in(4);
            let reentry = *self.rng.pick(&[Reentry::Refuse, Reentry::Allow]);
            let (params, _) = self.fields(4);
            let (name, returns, docs) = (format!("method_{at:03}"), TypeId(at), self.docs());
            methods.push(Method { name, kind, payable, reentry, params, returns, docs });
        }
        methods[0].name = String::from("init");
        methods[0].kind = MethodKind::Init;
        methods
    }

    fn events(&mut self) -> Vec<Event> {
        (0..self.rng.below(4))
            .map(|at| {
                let mut topics = 0;
                let (fields, _) = self.fields(6);
                let fields = fields.into_iter().map(|field| {
                    let fixed = self.of(field.ty).fixed;
                    let topic = topics < limits::TOPICS
                        && fixed.is_some_and(|n| n <= limits::TOPIC_BYTES)
                        && self.rng.one_in(2);
                    topics += usize::from(topic);
                    EventField { name: field.name, ty: field.ty, topic }
                });
                let fields = fields.collect();
                Event { name: format!("Event{at}"), fields, docs: self.docs() }
            })
            .collect()
    }

    fn errors(&mut self) -> Vec<ErrorVariant> {
        let mut index = 0;
        (0..self.rng.below(5))
            .map(|at| {
                index += 1 + self.rng.below(40) as u8;
                let (fields, _) = self.fields(3);
                ErrorVariant { index, name: format!("Error{at}"), fields, docs: self.docs() }
            })
            .collect()
    }

    fn storage(&mut self) -> Vec<Storage> {
        let mut prefix = 0;
        let mut handles = Vec::new();
        for at in 0..self.rng.below(5) {
            let value = self.any_type();
            let kind = match (self.rng.below(3), self.find(|known| known.key)) {
                (0, Some(key)) => StorageKind::Map(key, value),
                (1, _) => StorageKind::List(value),
                _ => StorageKind::Item(value),
            };
            handles.push(Storage {
                handle: format!("handle_{at}"),
                prefix,
                kind,
                docs: self.docs(),
            });
            prefix += 1 + self.rng.below(20) as u8;
        }
        handles
    }
}

/// A well-formed ABI.
pub(crate) fn random_abi(rng: &mut Rng) -> Abi {
    let mut generator = Generator { rng, types: Vec::new(), known: Vec::new() };
    generator.table();
    let methods = generator.methods();
    let events = generator.events();
    let errors = generator.errors();
    let storage = generator.storage();
    let docs = generator.docs();
    let bits = Capabilities::RECEIVE_VALUE.bits() | generator.rng.below(32) as u32;
    Abi {
        name: String::from("Random"),
        schema: generator.rng.next() as u32,
        capabilities: Capabilities::from_bits(bits).expect("all of these bits have a meaning"),
        types: generator.types,
        methods,
        events,
        errors,
        storage,
        docs,
    }
}

/// A value of type `id`.
pub(crate) fn random_value(rng: &mut Rng, abi: &Abi, id: TypeId) -> Value {
    let ty = abi.ty(id).expect("a type of the table");
    let many = rng.below(4);
    let list = |rng: &mut Rng, inner: TypeId, count: usize| match abi.ty(inner) {
        Some(Type::U8) => Value::Bytes(Bytes::new((0..count).map(|_| u8::any(rng)).collect())),
        _ => Value::List((0..count).map(|_| random_value(rng, abi, inner)).collect()),
    };
    match ty {
        Type::Bool => Value::Bool(Any::any(rng)),
        Type::U8 => Value::U8(Any::any(rng)),
        Type::U16 => Value::U16(Any::any(rng)),
        Type::U32 => Value::U32(Any::any(rng)),
        Type::U64 => Value::U64(Any::any(rng)),
        Type::U128 => Value::U128(Any::any(rng)),
        Type::I8 => Value::I8(Any::any(rng)),
        Type::I16 => Value::I16(Any::any(rng)),
        Type::I32 => Value::I32(Any::any(rng)),
        Type::I64 => Value::I64(Any::any(rng)),
        Type::I128 => Value::I128(Any::any(rng)),
        Type::String => Value::String(Any::any(rng)),
        Type::Bytes => Value::Bytes(Any::any(rng)),
        Type::Address => Value::Address(Any::any(rng)),
        Type::Hash => Value::Hash(Any::any(rng)),
        Type::Option(inner) => {
            Value::Option((many > 1).then(|| Box::new(random_value(rng, abi, *inner))))
        }
        Type::List(inner) => list(rng, *inner, many),
        Type::Array(inner, count) => list(rng, *inner, *count as usize),
        Type::Set(inner) => {
            let mut items: Vec<Value> = (0..many).map(|_| random_value(rng, abi, *inner)).collect();
            items.sort();
            items.dedup();
            Value::List(items)
        }
        Type::Map(key, value) => {
            let mut pairs: Vec<(Value, Value)> = (0..many)
                .map(|_| (random_value(rng, abi, *key), random_value(rng, abi, *value)))
                .collect();
            pairs.sort();
            pairs.dedup_by(|one, other| one.0 == other.0);
            Value::Map(pairs)
        }
        Type::Tuple(parts) => {
            Value::Tuple(parts.iter().map(|part| random_value(rng, abi, *part)).collect())
        }
        Type::Struct { name, fields } => {
            Value::Struct { name: name.clone(), fields: random_fields(rng, abi, fields) }
        }
        Type::Enum { variants, .. } => {
            let variant = rng.pick(variants);
            Value::Enum {
                index: variant.index,
                variant: variant.name.clone(),
                fields: random_fields(rng, abi, &variant.fields),
            }
        }
    }
}

/// A value for each field, by name.
pub(crate) fn random_fields(rng: &mut Rng, abi: &Abi, fields: &[Field]) -> Vec<(String, Value)> {
    fields.iter().map(|f| (f.name.clone(), random_value(rng, abi, f.ty))).collect()
}
