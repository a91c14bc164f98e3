"""The pages that people reach from an e-mail, and what keeps them safe."""
