"""Holdings (投后持仓): what a fund holds by a paid deal, from the first payment to the end."""
