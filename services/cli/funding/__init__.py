"""Commands about funds, firms, deals and what came of them."""
