"""Indicators (投后指标): what firms report after an investment, when it is due, and what asks for an answer."""
