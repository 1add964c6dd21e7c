"""What every format needs so that customer texts do no harm and files are written whole."""
