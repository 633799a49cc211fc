data Shape { int id }

data Circle extends Shape { int radius }
