"""Documents in two languages, and their forms: a page (HTML), a text (DOCX), a workbook (XLSX), a print (PDF)."""
