// An object runs the code of one component; `implements` asks whether it is the asking one's.
// prints: own true, other false
// prints: its own: true
// prints: after the change: own false, other true
// prints: of nothing: false
uses Gear
uses lang.IDC

component provides App requires Loader loader, composition.Adapt adapt, io.Output out {
    int App:main(AppParam params[]) {
        IDC cogs = loader.load("Gear.cog")
        IDC discs = loader.load("Gear.disc")
        Gear cog = new Gear() from cogs
        Gear other = new Gear() from cogs
        Gear disc = new Gear() from discs
        out.println("own $(cog.mine(other)), other $(disc.mine(other))")
        adapt.adaptObject(cogs, other, discs, "Gear")
        out.println("its own: $(other.mine(other))")
        out.println("after the change: own $(cog.mine(other)), other $(disc.mine(other))")
        out.println("of nothing: $(cog.mine(null))")
        return 0
    }
}
