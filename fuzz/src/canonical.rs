//! Makes a generated module's conversions between the float types give canonical NaNs on every engine.
//!
//! The generator does so for arithmetic, but it forgets `f32.demote_f64` and `f64.promote_f32`, which keep a payload on
//! engines whose NaNs are those of the processor.

use std::convert::Infallible;

use dytallix::wasm::Module;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, InstructionSink, ValType};
use wasmparser::{FunctionBody, Operator, Parser};

/// The module with both conversions followed by the choice of the canonical NaN.
///
/// # Panics
///
/// `module` is valid, so that it can be encoded again.
pub(crate) fn canonicalise_conversions(module: &Module) -> Vec<u8> {
    let own = module.imported_function_count()..module.functions().len() as u32;
    let params = own.map(|index| module.type_of(index).params().len() as u32).collect();
    let mut pass = Pass { params, next: 0 };
    let mut encoded = wasm_encoder::Module::new();
    pass.parse_core_module(&mut encoded, Parser::new(0), module.bytes()).expect("a valid module");
    encoded.finish()
}

/// The pass over the bodies in their order.
struct Pass {
    /// Number of parameters of each function that has a body.
    params: Vec<u32>,
    next: usize,
}

impl Reencode for Pass {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut locals = Vec::new();
        let mut narrow = self.params[self.next];
        self.next += 1;
        for run in body.get_locals_reader()? {
            let (count, ty) = run?;
            narrow += count;
            locals.push((count, self.val_type(ty)?));
        }
        let wide = narrow + 1;
        locals.extend([(1, ValType::F32), (1, ValType::F64)]);
        let mut function = Function::new(locals);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            let narrows = matches!(operator, Operator::F32DemoteF64);
            let widens = matches!(operator, Operator::F64PromoteF32);
            function.instruction(&self.instruction(operator)?);
            let mut sink = function.instructions();
            if narrows {
                choose(
                    sink.local_tee(narrow).f32_const(f32::from_bits(0x7fc0_0000).into()),
                    narrow,
                )
                .f32_eq()
                .select();
            } else if widens {
                let nan = f64::from_bits(0x7ff8_0000_0000_0000);
                choose(sink.local_tee(wide).f64_const(nan.into()), wide).f64_eq().select();
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// A value differs from itself only if it is a NaN.
fn choose<'a, 'b>(sink: &'b mut InstructionSink<'a>, local: u32) -> &'b mut InstructionSink<'a> {
    sink.local_get(local).local_get(local)
}
