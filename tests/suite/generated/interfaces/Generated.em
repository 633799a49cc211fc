// What em_ir::generate makes.

interface Generated {
    int run(int seed)
}
