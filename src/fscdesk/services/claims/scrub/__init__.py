"""The rules that a claim is scrubbed by: one function each, over a `ClaimContent` alone."""
