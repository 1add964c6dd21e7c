"""The words of the design as types, frame schemas, rules and errors. No I/O."""
