"""The words of each language: data only. A language is one file here and one in `speak/`."""
