//! Contract ABI of the Dytallix runtime.
#![no_std]
