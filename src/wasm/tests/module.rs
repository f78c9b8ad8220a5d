//! What a module says of itself once it is decoded.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Recorder, assemble, binary, decode};
use crate::Limits;
use crate::wasm::{
    DataMode, ElementItems, ElementMode, ErrorClass, ExternIndex, Features, ImportKind, Module,
    SectionId, ValType,
};

const TEXT: &str = r#"
    (module
      (type $t (func (param i32) (result i64)))
      (import "env" "f" (func $f (type $t)))
      (import "env" "g" (global $g i32))
      (import "env" "m" (memory 1 2))
      (import "env" "t" (table 3 funcref))
      (func $main (local i32 i32 i64) data.drop 1 (drop (call $f (i32.const 7))))
      (global (mut f64) (f64.const 0.5))
      (table 5 9 externref)
      (export "main" (func $main))
      (export "memory" (memory 0))
      (start $main)
      (elem (table 0) (global.get $g) func $f $main)
      (elem funcref (ref.null func) (ref.func $main))
      (elem declare func $f)
      (data (i32.const 16) "hello")
      (data "passive")
      (@custom "note" (after last) "\01\02\03"))"#;

#[test]
fn declarations_are_found_again() {
    let module = decode(TEXT).unwrap();
    assert_eq!(alloc::format!("{}", module.types()[0]), "[i32] -> [i64]");
    assert_eq!(module.imports().len(), 4);
    assert_eq!(&*module.imports()[1].name, "g");
    assert_eq!(module.imports()[0].kind, ImportKind::Function(0));
    assert_eq!((module.imported_function_count(), module.functions().len()), (1, 2));
    assert_eq!((module.imported_global_count(), module.globals().len()), (1, 2));
    assert_eq!((module.imported_table_count(), module.tables().len()), (1, 2));
    assert_eq!((module.imported_memory_count(), module.memories().len()), (1, 1));
    assert_eq!((module.tables()[1].ty.min, module.tables()[1].ty.max), (5, Some(9)));
    assert_eq!((module.memories()[0].min, module.memories()[0].max), (1, Some(2)));
    assert_eq!(module.export("main"), Some(ExternIndex::Function(1)));
    assert_eq!(module.export("memory"), Some(ExternIndex::Memory(0)));
    assert_eq!(module.export("absent"), None);
    assert_eq!(module.start(), Some(1));
    let init = module.globals()[1].init.as_ref().unwrap();
    let init: Vec<String> =
        module.const_operators(init).map(|(_, operator)| alloc::format!("{operator}")).collect();
    assert_eq!(init, ["f64.const 0.5", "end"]);
    assert_eq!(module.features_used(), {
        Features::FLOATS.with(Features::REFERENCE_TYPES).with(Features::BULK_MEMORY)
    });
}

#[test]
fn segments_and_custom_sections_are_found_again() {
    let module = decode(TEXT).unwrap();
    let [active, passive, declared] = module.element_segments() else { panic!("three") };
    assert!(matches!(active.mode, ElementMode::Active { table: 0, .. }));
    assert_eq!(active.items, ElementItems::Functions([0, 1].into()));
    assert_eq!(passive.mode, ElementMode::Passive);
    assert!(matches!(&passive.items, ElementItems::Expressions(items) if items.len() == 2));
    assert_eq!(declared.mode, ElementMode::Declared);
    let [active, passive] = module.data_segments() else { panic!("two") };
    assert!(matches!(active.mode, DataMode::Active { memory: 0, .. }));
    assert_eq!(module.data_bytes(active), b"hello");
    assert_eq!(passive.mode, DataMode::Passive);
    assert_eq!(module.data_bytes(passive), b"passive");
    let note = module.custom_sections().iter().find(|section| &*section.name == "note").unwrap();
    assert_eq!(&module.bytes()[note.range.start as usize..note.range.end as usize], [1, 2, 3]);
    let ids: Vec<SectionId> = module.sections().map(|section| section.id).collect();
    assert_eq!(ids.first(), Some(&SectionId::Type));
    assert!(ids.contains(&SectionId::DataCount));
    assert!(ids.is_sorted_by_key(|id| match id {
        SectionId::Custom => 100,
        SectionId::DataCount => 19,
        id => *id as u8 * 2,
    }));
}

#[test]
fn a_sink_sees_each_body_once_in_order_and_again_on_a_walk() {
    let mut sink = Recorder::default();
    let bytes = assemble(
        "(module (import \"\" \"f\" (func)) (func (param i64) (local i32 i32 f32) nop unreachable drop)
           (func))",
    );
    let module = Module::decode_with(bytes, &Features::ALL, &Limits::default(), &mut sink).unwrap();
    let expected = [
        "begin 1 [(2, I32), (1, F32)]",
        "0x28 nop",
        "0x29 unreachable",
        "0x2a drop",
        "0x2b end",
        "finish",
        "begin 2 []",
        "0x2e end",
        "finish",
    ];
    assert_eq!(sink.calls, expected);
    let mut again = Recorder::default();
    for function in 0..3 {
        module.walk_body(function, &mut again).unwrap();
    }
    assert_eq!(again.calls, expected);
    assert_eq!(module.locals(1).collect::<Vec<_>>(), [(2, ValType::I32), (1, ValType::F32)]);
    assert_eq!(module.locals(0).count() + module.operators(0).count(), 0);
}

#[test]
fn a_sink_can_refuse_a_body() {
    let mut sink = Recorder { refuses: Some("nop"), ..Recorder::default() };
    let bytes = assemble("(module (func) (func nop))");
    let error =
        Module::decode_with(bytes, &Features::ALL, &Limits::default(), &mut sink).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Refused);
    assert_eq!(alloc::format!("{error}"), "not here (offset 0x1b, code section, function 1)");
}

#[test]
fn function_names_come_from_the_name_section() {
    let module = decode("(module (func $first) (func) (func $third))").unwrap();
    assert_eq!(module.function_name(0), Some("first"));
    assert_eq!(module.function_name(1), None);
    assert_eq!(module.function_name(2), Some("third"));
}

#[test]
fn a_damaged_name_section_ends_the_names_and_invalidates_nothing() {
    // A module name of one byte, then function names: two promised, the second is cut.
    let names = b"\x04name\x00\x02\x01m\x01\x07\x02\x00\x01a\x01\x05b";
    let module = Module::decode(binary(&[(0, names)]), &Features::ALL, &Limits::default()).unwrap();
    assert_eq!(module.function_names().collect::<Vec<_>>(), [(0, "a")]);
    let garbage: [&[u8]; 3] = [b"\x04name\x01\xff", b"\x04name\x01\x03\x01\x00\xff", b"\x04name"];
    for names in garbage {
        let module =
            Module::decode(binary(&[(0, names)]), &Features::ALL, &Limits::default()).unwrap();
        assert_eq!(module.function_name(0), None);
    }
}

#[test]
fn features_used_are_those_the_module_needs() {
    let cases = [
        ("(func)", Features::NONE),
        ("(func (param f32))", Features::FLOATS),
        ("(func i32.const 1 i32.extend8_s drop)", Features::SIGN_EXTENSION),
        ("(global i32 (i32.add (i32.const 1) (i32.const 2)))", Features::EXTENDED_CONST),
        ("(table 1 funcref)", Features::NONE),
        ("(table 1 funcref) (table 1 funcref)", Features::REFERENCE_TYPES),
        ("(export \"g\" (global 0)) (global (mut i32) (i32.const 0))", Features::MUTABLE_GLOBALS),
        ("(global (mut i32) (i32.const 0))", Features::NONE),
        ("(func (local externref))", Features::REFERENCE_TYPES),
        (
            "(func f64.const 1 i32.trunc_sat_f64_s drop)",
            Features::FLOATS.with(Features::SATURATING_FLOAT_TO_INT),
        ),
    ];
    for (fields, used) in cases {
        let module = decode(&alloc::format!("(module {fields})")).expect(fields);
        assert_eq!(module.features_used(), used, "{fields}: {}", module.features_used());
    }
}
