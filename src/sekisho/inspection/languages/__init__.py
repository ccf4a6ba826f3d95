"""From source text to what flows where: each language is lowered to one small form, and one engine reads that."""
