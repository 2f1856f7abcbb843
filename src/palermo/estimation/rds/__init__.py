"""Respondent-driven sampling: shares and sizes of hidden populations from chains of recruitment."""
