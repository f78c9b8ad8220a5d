//! The one table of host functions. Rows are data: no logic here.

/// Hands every host function to `$callback!`, one row each, in order of number.
///
/// A row is: documentation, variant and number (never reused), name, parameters with their types,
/// result if any, class of price, effects, and the ABI version that brought it.
#[macro_export]
macro_rules! for_each_host_fn {
    ($($callback:tt)+) => {
        $($callback)+! {
            /// Reads the value at `key` of this contract's storage into `out`. Returns its length,
            /// or −1 if there is no such key.
            StorageGet = 1: storage_get(key: i32, key_length: i32, out: i32, capacity: i32) -> i64;
            gas StorageRead; effects [ReadState]; since 1;

            /// Sets the value at `key` of this contract's storage. An empty value is a value: the
            /// key exists.
            StorageSet = 2: storage_set(key: i32, key_length: i32, value: i32, value_length: i32);
            gas StorageWrite; effects [WriteState]; since 1;

            /// Removes `key` from this contract's storage. Returns 1 if it was there, else 0.
            StorageRemove = 3: storage_remove(key: i32, key_length: i32) -> i32;
            gas StorageWrite; effects [ReadState, WriteState]; since 1;

            /// Returns 1 if this contract's storage has `key`, else 0.
            StorageHas = 4: storage_has(key: i32, key_length: i32) -> i32;
            gas StorageRead; effects [ReadState]; since 1;

            /// Returns the length of this call's arguments, in bytes.
            InputSize = 5: input_size() -> i32;
            gas Context; effects [ReadInput]; since 1;

            /// Copies `length` bytes of this call's arguments, from `offset` on, to `out`. A range
            /// that reaches beyond the arguments traps.
            InputCopy = 6: input_copy(out: i32, offset: i32, length: i32);
            gas Copy; effects [ReadInput]; since 1;

            /// Sets the data that this call returns, replacing what was set before. The call goes
            /// on. In the outermost call the data is part of the receipt and costs state-write gas.
            SetReturn = 7: set_return(data: i32, length: i32);
            gas Copy; effects []; since 1;

            /// Ends this call with `data`, undoing all its changes and those of the calls it made.
            /// Does not return.
            Revert = 8: revert(data: i32, length: i32);
            gas EndFrame; effects [EndFrame]; since 1;

            /// Returns the length of the data that the last call made from here gave back, in
            /// bytes; 0 before any call.
            ReturnSize = 9: return_size() -> i32;
            gas Context; effects [ReadReturn]; since 1;

            /// Copies `length` bytes of the data that the last call gave back, from `offset` on, to
            /// `out`. A range that reaches beyond the data traps.
            ReturnCopy = 10: return_copy(out: i32, offset: i32, length: i32);
            gas Copy; effects [ReadReturn]; since 1;

            /// Calls `method` of the contract at `to` (32 bytes) with `arguments`, sending `value`
            /// (16 bytes) and at most `gas` (unsigned; never more than 63/64 of what is left).
            /// Returns the status of the call.
            ExternalCall = 11: external_call(
                to: i32, method: i32, method_length: i32, arguments: i32, arguments_length: i32,
                value: i32, gas: i64, flags: i32
            ) -> i32;
            gas Call; effects [ReadState, WriteState, CallOut]; since 1;

            /// Writes the address (32 bytes) of the account or contract that made this call to
            /// `out`.
            CallerAddress = 12: caller_address(out: i32);
            gas Context; effects [ReadAuthority]; since 1;

            /// Writes the address (32 bytes) of this contract to `out`.
            SelfAddress = 13: self_address(out: i32);
            gas Context; effects []; since 1;

            /// Emits an event. `topics` is a `u32` count (at most 4), then for each topic its `u32`
            /// length (at most 64) and its bytes, all little-endian with nothing after. The event
            /// is undone with the call that emitted it.
            EmitEvent = 14: emit_event(topics: i32, topics_length: i32, data: i32, data_length: i32);
            gas Event; effects [EmitEvent]; since 1;

            /// Writes the first key of this contract's storage that begins with `prefix` and is
            /// greater, in byte order, than `after` (empty: from the first on) to `out`. Returns
            /// the key's length, or −1 if there is none. Keys that were removed in this block and
            /// have to be passed over are paid for as keys that were found.
            StorageNext = 15: storage_next(
                prefix: i32, prefix_length: i32, after: i32, after_length: i32,
                out: i32, capacity: i32
            ) -> i64;
            gas StorageScan; effects [ReadState]; since 1;

            /// Reads the value at `key` of this contract's transient storage, which is cleared at
            /// the end of the transaction, into `out`. Returns its length, or −1 if there is none.
            TransientGet = 16: transient_get(
                key: i32, key_length: i32, out: i32, capacity: i32
            ) -> i64;
            gas Transient; effects [ReadState]; since 1;

            /// Sets the value at `key` of this contract's transient storage. An empty value removes
            /// the key.
            TransientSet = 17: transient_set(
                key: i32, key_length: i32, value: i32, value_length: i32
            );
            gas Transient; effects [WriteState]; since 1;

            /// Calls `method` of the contract at `to` (32 bytes) in a read-only frame: whatever
            /// runs below it can change nothing. Otherwise as `external_call`, without a value.
            StaticCall = 18: staticcall(
                to: i32, method: i32, method_length: i32, arguments: i32, arguments_length: i32,
                gas: i64, flags: i32
            ) -> i32;
            gas Call; effects [ReadState, CallOut]; since 1;

            /// Runs `method` of the code with hash `code_hash` (32 bytes) on the storage, balance
            /// and address of this contract, with this call's caller and value. Refused with status
            /// 7 where the chain or this contract's declared capabilities do not permit it.
            DelegateCall = 19: delegatecall(
                code_hash: i32, method: i32, method_length: i32, arguments: i32,
                arguments_length: i32, gas: i64, flags: i32
            ) -> i32;
            gas Call; effects [ReadState, WriteState, CallOut]; since 1;

            /// Makes a contract of the code with hash `code_hash` (32 bytes), deployed by this
            /// contract with `salt` (32 bytes), and runs its `init` with `arguments` and `value`.
            /// `admin` says who may upgrade it: nothing for nobody, else an encoded admin. Writes
            /// its address (32 bytes) to `out` where the status is 0.
            Instantiate = 20: instantiate(
                code_hash: i32, salt: i32, admin: i32, admin_length: i32, arguments: i32,
                arguments_length: i32, value: i32, gas: i64, out: i32
            ) -> i32;
            gas Create; effects [ReadState, WriteState, CallOut, CreateContract]; since 1;

            /// Moves `amount` (16 bytes) from this contract's balance to the account at `to` (32
            /// bytes), running nothing. Returns 0; 5 if this contract has less; 7 if `to` is a
            /// contract that does not declare that it receives value.
            Transfer = 21: transfer(to: i32, amount: i32) -> i32;
            gas Transfer; effects [ReadState, WriteState]; since 1;

            /// Writes the address (32 bytes) of the account that signed the transaction to `out`.
            /// It says who pays, not who calls: take authority from `caller_address`.
            SignerAddress = 22: signer_address(out: i32);
            gas Context; effects [ReadAuthority]; since 1;

            /// Writes the value (16 bytes) that came with this call to `out`.
            CallValue = 23: call_value(out: i32);
            gas Context; effects [ReadInput]; since 1;

            /// Writes the balance (16 bytes) of this contract to `out`; the call's value is in it.
            ContractBalance = 24: contract_balance(out: i32);
            gas Context; effects [ReadState]; since 1;

            /// Writes the balance (16 bytes) of the account at `address` (32 bytes) to `out`.
            BalanceOf = 25: balance_of(address: i32, out: i32);
            gas Account; effects [ReadState]; since 1;

            /// Returns the height of the block that this transaction is in.
            BlockHeight = 26: block_height() -> i64;
            gas Context; effects [ReadBlock]; since 1;

            /// Returns the time of the block, in milliseconds since 1970-01-01T00:00:00Z, as its
            /// proposer says.
            BlockTimeMs = 27: block_time_ms() -> i64;
            gas Context; effects [ReadBlock]; since 1;

            /// Writes the hash (32 bytes) of the block at `height` to `out` and returns 0, or
            /// returns −1 where it is not one of the last 256 blocks before this one.
            BlockHash = 28: block_hash(height: i64, out: i32) -> i32;
            gas Account; effects [ReadBlock]; since 1;

            /// Returns the number of the chain.
            ChainId = 29: chain_id() -> i64;
            gas Context; effects []; since 1;

            /// Writes the hash (32 bytes) of the transaction to `out`.
            TxHash = 30: tx_hash(out: i32);
            gas Context; effects []; since 1;

            /// Returns the gas that is left to this call, after the price of asking.
            GasLeft = 31: gas_left() -> i64;
            gas Context; effects []; since 1;

            /// Writes the code hash (32 bytes) of the contract at `address` (32 bytes) to `out` and
            /// returns 0, or returns −1 where there is no contract.
            CodeHashOf = 32: code_hash_of(address: i32, out: i32) -> i32;
            gas Account; effects [ReadState]; since 1;

            /// Writes the Keccak-256 hash (32 bytes) of `data`, with the padding that Ethereum
            /// uses, to `out`.
            HashKeccak256 = 33: hash_keccak256(data: i32, length: i32, out: i32);
            gas Keccak; effects []; since 1;

            /// Writes the SHA3-256 hash (32 bytes; FIPS 202) of `data` to `out`.
            HashSha3256 = 34: hash_sha3_256(data: i32, length: i32, out: i32);
            gas Keccak; effects []; since 1;

            /// Writes the SHA-256 hash (32 bytes; FIPS 180-4) of `data` to `out`.
            HashSha256 = 35: hash_sha256(data: i32, length: i32, out: i32);
            gas Sha256; effects []; since 1;

            /// Writes the BLAKE3 hash (32 bytes) of `data` to `out`.
            HashBlake3 = 36: hash_blake3(data: i32, length: i32, out: i32);
            gas Blake3; effects []; since 1;

            /// Returns 1 if `signature` is one of `message` under `context` by `public_key`, in the
            /// signature scheme of number `scheme`; else 0. A wrong length is 0, and so is a number
            /// that is no scheme. 1 Dilithium3 (round 3; takes no context), 2 ML-DSA-65, 3
            /// ML-DSA-87, 4 ML-DSA-44 (FIPS 204), 5 SLH-DSA-SHA2-128s (FIPS 205).
            PqcVerify = 37: pqc_verify(
                scheme: i32, public_key: i32, public_key_length: i32, message: i32,
                message_length: i32, context: i32, context_length: i32, signature: i32,
                signature_length: i32
            ) -> i32;
            gas Verify; effects [CheckSignature]; since 1;

            /// Returns 1 if `signature` (64 bytes) is one of `message` by the Ed25519 key
            /// `public_key` (32 bytes; RFC 8032), else 0. Cofactorless; points of small order and
            /// encodings that are not canonical are 0.
            Ed25519Verify = 38: ed25519_verify(
                public_key: i32, message: i32, message_length: i32, signature: i32
            ) -> i32;
            gas Verify; effects [CheckSignature]; since 1;

            /// Writes the secp256k1 public key (64 bytes, x then y, big-endian) that made
            /// `signature` (65 bytes: r, s, and v = 0 or 1) of `hash` (32 bytes) to `out` and
            /// returns 1; returns 0 where there is none, or s is in the upper half.
            RecoverPubkey = 39: recover_pubkey(hash: i32, signature: i32, out: i32) -> i32;
            gas Verify; effects [CheckSignature]; since 1;

            /// Gives this contract the code with hash `code_hash` (32 bytes) once this call has
            /// succeeded; the new code's `migrate` runs then, on the schema number of the old code
            /// (`u32`, little-endian) and `arguments`, and its failure fails this call. Returns 0; 4 if there is no such code; 7 if this
            /// contract is not its own admin; 8 if the code is not admissible.
            UpgradeCode = 40: upgrade_code(
                code_hash: i32, arguments: i32, arguments_length: i32
            ) -> i32;
            gas Create; effects [WriteState, UpgradeCode]; since 1;

            /// Returns the risk score, in basis points (0 to 10,000), that the chain holds for the
            /// code of the contract at `address` (32 bytes), or −1 where it holds none.
            RiskScore = 41: risk_score(address: i32) -> i64;
            gas Account; effects [ReadState]; since 1;

            /// Hands a text to whoever watches this node. Costs the same whether anybody does, and
            /// changes nothing.
            DebugLog = 42: debug_log(data: i32, length: i32);
            gas Copy; effects []; since 1;
        }
    };
}

/// Declares every host function for a contract, as `unsafe extern "C"` functions that take and
/// return `i32` and `i64`.
///
/// Only those that the contract uses become imports of its module.
#[macro_export]
macro_rules! host_externs {
    () => {
        $crate::for_each_host_fn! { $crate::host_externs_rows }
    };
}

/// The callback of [`host_externs!`].
#[doc(hidden)]
#[macro_export]
macro_rules! host_externs_rows {
    ($(
        $(#[doc = $doc:literal])*
        $variant:ident = $number:literal:
            $name:ident($($param:ident: $ty:ident),* $(,)?) $(-> $result:ident)?;
        gas $gas:ident; effects [$($effect:ident),*]; since $since:literal;
    )*) => {
        #[link(wasm_import_module = "env")]
        unsafe extern "C" {
            $( $(#[doc = $doc])* pub fn $name($($param: $ty),*) $(-> $result)?; )*
        }
    };
}
