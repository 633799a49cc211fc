-- How long a program takes that does nothing.
print("hello")
