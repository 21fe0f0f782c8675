"""Files of rows and cells, whatever they are about: opened, decoded, split, single cells read."""
