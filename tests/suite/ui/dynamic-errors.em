// Types as values, and values whose type shows at run time, used wrongly.

uses lang.Type

component provides App {
    int App:main(AppParam params[]) {
        Field p = new Field()
        TypeField f = Field.[nam]
        TypeField g = Field.[name]
        int a = 0
        a = p:.g
        a = p:.0 + 1
        char text[] = p:.name
        bool b = p:.0 === null
        TypeField h = App.[main()]
        int i = a:.0
        Field q = new Field(null) from typeof(Field)
        bool e = implements p
        bool u = p hastype int
        return p:.g
    }
}
