"""Where what was said of the map is kept: releases, reports, forecasts, watches."""
