"""The shortage map (紧缺人才图谱): counts that add up, an index with its interval, reasons that add up to it."""
