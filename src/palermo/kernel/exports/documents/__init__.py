"""Letters, forms and sheets: one declared document, drawn as a page to print, as PDF or as DOCX."""
