//! The constant that the SDK would have written for an ABI, with every list in reverse.

use dytallix_abi::describe::{
    ContractDesc, ErrorDesc, EventDesc, EventFieldDesc, FieldDesc, MethodDesc, StorageDesc,
    StorageKindDesc, TypeDesc, VariantDesc,
};
use dytallix_abi::schema::{Abi, Field, StorageKind, Type, TypeId};

/// As long as the test runs.
fn kept<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Box::leak(items.into_iter().collect())
}

fn text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

struct Types(Vec<&'static TypeDesc>);

impl Types {
    fn of(&self, id: TypeId) -> &'static TypeDesc {
        self.0[usize::from(id.0)]
    }

    fn fields(&self, fields: &[Field]) -> &'static [FieldDesc] {
        kept(fields.iter().map(|f| FieldDesc { name: text(&f.name), ty: self.of(f.ty) }))
    }

    fn description(&self, ty: &Type) -> TypeDesc {
        match ty {
            Type::Bool => TypeDesc::Bool,
            Type::U8 => TypeDesc::U8,
            Type::U16 => TypeDesc::U16,
            Type::U32 => TypeDesc::U32,
            Type::U64 => TypeDesc::U64,
            Type::U128 => TypeDesc::U128,
            Type::I8 => TypeDesc::I8,
            Type::I16 => TypeDesc::I16,
            Type::I32 => TypeDesc::I32,
            Type::I64 => TypeDesc::I64,
            Type::I128 => TypeDesc::I128,
            Type::String => TypeDesc::String,
            Type::Bytes => TypeDesc::Bytes,
            Type::Address => TypeDesc::Address,
            Type::Hash => TypeDesc::Hash,
            Type::Option(inner) => TypeDesc::Option(self.of(*inner)),
            Type::List(inner) => TypeDesc::List(self.of(*inner)),
            Type::Array(inner, count) => TypeDesc::Array(self.of(*inner), *count),
            Type::Set(inner) => TypeDesc::Set(self.of(*inner)),
            Type::Map(key, value) => TypeDesc::Map(self.of(*key), self.of(*value)),
            Type::Tuple(parts) => TypeDesc::Tuple(kept(parts.iter().map(|id| self.of(*id)))),
            Type::Struct { name, fields } => {
                TypeDesc::Struct { name: text(name), fields: self.fields(fields) }
            }
            Type::Enum { name, variants } => {
                let variants = variants.iter().map(|variant| VariantDesc {
                    index: variant.index,
                    name: text(&variant.name),
                    fields: self.fields(&variant.fields),
                });
                TypeDesc::Enum { name: text(name), variants: kept(variants) }
            }
        }
    }
}

pub(crate) fn described(abi: &Abi) -> ContractDesc {
    let mut types = Types(Vec::new());
    for ty in &abi.types {
        let description = types.description(ty);
        types.0.push(Box::leak(Box::new(description)));
    }
    let methods = abi.methods.iter().rev().map(|method| MethodDesc {
        name: text(&method.name),
        kind: method.kind,
        payable: method.payable,
        reentry: method.reentry,
        params: types.fields(&method.params),
        returns: types.of(method.returns),
        docs: text(&method.docs),
    });
    let events = abi.events.iter().rev().map(|event| EventDesc {
        name: text(&event.name),
        fields: kept(event.fields.iter().map(|field| EventFieldDesc {
            name: text(&field.name),
            ty: types.of(field.ty),
            topic: field.topic,
        })),
        docs: text(&event.docs),
    });
    let errors = abi.errors.iter().rev().map(|error| ErrorDesc {
        index: error.index,
        name: text(&error.name),
        fields: types.fields(&error.fields),
        docs: text(&error.docs),
    });
    let storage = abi.storage.iter().rev().map(|storage| StorageDesc {
        handle: text(&storage.handle),
        prefix: storage.prefix,
        kind: match storage.kind {
            StorageKind::Item(ty) => StorageKindDesc::Item(types.of(ty)),
            StorageKind::Map(key, value) => StorageKindDesc::Map(types.of(key), types.of(value)),
            StorageKind::List(ty) => StorageKindDesc::List(types.of(ty)),
        },
        docs: text(&storage.docs),
    });
    ContractDesc {
        name: text(&abi.name),
        schema: abi.schema,
        capabilities: abi.capabilities,
        methods: kept(methods),
        events: kept(events),
        errors: kept(errors),
        storage: kept(storage),
        docs: text(&abi.docs),
    }
}
