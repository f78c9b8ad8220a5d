//! Makes a generated module's float arithmetic give canonical NaNs on every engine: the peer's are
//! those of the processor.

use std::convert::Infallible;

use dytallix::wasm::Module;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, InstructionSink, ValType};
use wasmparser::{FunctionBody, Operator, Parser};

/// The module with each operator that may make a NaN followed by the choice of the canonical one.
///
/// # Panics
///
/// `module` is valid, so that it can be encoded again.
pub(crate) fn canonicalise_nans(module: &Module) -> Vec<u8> {
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
            let (narrows, widens) = (gives_f32(&operator), gives_f64(&operator));
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

fn gives_f32(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::F32Add
            | O::F32Sub
            | O::F32Mul
            | O::F32Div
            | O::F32Min
            | O::F32Max
            | O::F32Ceil
            | O::F32Floor
            | O::F32Trunc
            | O::F32Nearest
            | O::F32Sqrt
            | O::F32DemoteF64
    )
}

fn gives_f64(operator: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        operator,
        O::F64Add
            | O::F64Sub
            | O::F64Mul
            | O::F64Div
            | O::F64Min
            | O::F64Max
            | O::F64Ceil
            | O::F64Floor
            | O::F64Trunc
            | O::F64Nearest
            | O::F64Sqrt
            | O::F64PromoteF32
    )
}
