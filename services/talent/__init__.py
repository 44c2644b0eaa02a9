"""The talent service: the core-talent library (核心人才库) and the shortage map (紧缺人才图谱)."""
