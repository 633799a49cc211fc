// Components are found by their interfaces, loaded with all that they need, and the runtime tells
// about itself.
// prints: data.query.Sort.heap data.query.Sort.insertion data.query.Sort.merge data.query.Sort.quick data.query.Sort.radix
// prints: true true
// prints: 0 true
// prints: data.query.Sort.merge true
// prints: false true
// prints: cache.Cache.lru
// prints: cache.Cache.lru, cache.Store and 0 more
// prints: got one
// prints: load
// prints: true true 0 true
// prints: true
uses cache.Cache
uses composition.LoadedComponent
uses composition.LoadedComponents
uses data.String
uses PlatformInfo

component provides App requires composition.Search search, composition.RecursiveLoader deep,
        data.StringUtil su, System system, io.Output out {
    void find() {
        String paths[] = search.getComponents("data.query.Sort")
        out.println(su.implode(paths, " "))
        String none[] = search.getComponents("data.query.Nothing")
        out.println("$(search.getDefaultComponent("data.query.Sort") == paths[0].string) $(none.arrayLength == 0)")
        String from[] = search.getComponentsIn("data.query.Sort", new String[](new String("nowhere")))
        out.println("$(from.arrayLength) $(search.getDefaultComponent("data.query.Nothing") === null)")
        out.println("$(paths[2].string) $(search.isDanaComponent(paths[2].string))")
        out.println("$(search.isDanaComponent("main.em")) $(search.isDanaComponent("data/query/Sort"))")
    }

    void load() {
        LoadedComponents loaded = deep.load("cache/Cache.lru")
        out.println(loaded.mainComponent.getName())
        LoadedComponent parts[] = loaded.loadedComponents
        out.println("$(parts[0].class.getName()), $(parts[1].class.getName()) and $(parts.arrayLength - 2) more")
        Cache cache = new Cache() from loaded.mainComponent
        cache.put("a", "one")
        out.println("got $(cache.get("a"))")
        try {
            deep.load("cache/Cache.none_such")
        } catch (Exception e) {
            out.println(e.kind)
        }
    }

    char[] text(byte bytes[]) {
        char text[]
        foreach (byte b in bytes) text = new char[](text, char(b))
        return text
    }

    void ask() {
        PlatformInfo platform = system.getPlatform()
        bool named = platform.osCode.arrayLength > 0 && platform.chipCode.arrayLength > 0
        byte host[] = system.getHostType()
        bool same = "$(text(host))" == "$(platform.osCode).$(platform.chipCode)"
        out.println("$named $same $(system.getLibAPIVersion()) $(system.getVersion() > 0)")
        bool sorts
        foreach (String bound in system.getAutoBindings()) {
            if (bound.string == "data.query.Sort") sorts = true
        }
        out.println("$sorts")
    }

    int App:main(AppParam params[]) {
        find()
        load()
        ask()
        return 0
    }
}
