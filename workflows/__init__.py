"""The rules: values in, values (or Refused) out. No framework, no clock, no input or output."""
