interface Fuel { int burn() }
