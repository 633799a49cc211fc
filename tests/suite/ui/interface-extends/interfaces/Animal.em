data Bone { int size }
interface Animal { int legs()  transfer int age }
interface Dog extends Animal { int legs()  void dig() }
interface Loop extends Loop { void f() }
interface Wrong extends Bone { void g() }
