"""What stands on the pages of the handbook (办事手册): views of a programme, a template and a style sheet."""
