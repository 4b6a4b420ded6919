/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.linking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.jamesoutgoing.linking.ClassFiles.ClassFile;
import org.jamesoutgoing.linking.ClassFiles.Member;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Looks up all that the classes of a JAR refer to, as the JVM will (JVMS §5.4.3): classes, fields, methods with their
 * descriptors, up the hierarchy and as far as they may be accessed; and whether its classes implement all that is abstract
 * above them.
 */
final class Links {

    /** Of the constant pool (JVMS §4.4). */
    private static final int FIELD = 9;

    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;

    /** Methods of these take anything (JVMS §2.9.3). */
    private static final Set<String> POLYMORPHIC =
            Set.of("java/lang/invoke/MethodHandle", "java/lang/invoke/VarHandle");

    /** The JVM asks for no annotation that is not there; these are for tools. */
    private static final Pattern FOR_TOOLS = Pattern.compile("(com/google/errorprone|org/jspecify)/annotations/.*");

    private final ClassFiles classes;
    private final SortedSet<String> broken = new TreeSet<>();

    private Links(ClassFiles classes) {
        this.classes = classes;
    }

    /**
     * What cannot be found, or not be used so.
     *
     * @param others what it runs with, besides the JDK
     * @return sorted; {@code org/example/Type}, {@code org/example/Type.method()V}, {@code org/example/Type.field I}, or a
     *     class of the JAR with what it lacks
     */
    static SortedSet<String> broken(Path jar, List<Path> others) throws IOException {
        List<Path> all = new ArrayList<>(List.of(jar));
        all.addAll(others);
        try (ClassFiles classes = new ClassFiles(all);
                JarFile file = new JarFile(jar.toFile())) {
            Links links = new Links(classes);
            for (JarEntry entry : file.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                try (InputStream content = file.getInputStream(entry)) {
                    links.look(new ClassReader(content));
                }
            }
            return links.broken;
        }
    }

    private void look(ClassReader file) {
        file.accept(
                new ClassRemapper(new ClassWriter(0), new Remapper(Opcodes.ASM9) {
                    @Override
                    public String map(String name) {
                        if (classes.find(name).isEmpty()
                                && !FOR_TOOLS.matcher(name).matches()) {
                            broken.add(name);
                        }
                        return name;
                    }
                }),
                0);
        lookAtMembers(file);
        lookAtInherited(file.getClassName());
    }

    private void lookAtMembers(ClassReader file) {
        char[] buffer = new char[file.getMaxStringLength()];
        for (int i = 1; i < file.getItemCount(); i++) {
            int item = file.getItem(i);
            int tag = item == 0 ? 0 : file.readByte(item - 1);
            if (tag == FIELD || tag == METHOD || tag == INTERFACE_METHOD) {
                int nameAndType = file.getItem(file.readUnsignedShort(item + 2));
                String name = file.readUTF8(nameAndType, buffer);
                String descriptor = file.readUTF8(nameAndType + 2, buffer);
                lookUp(
                        file.getClassName(),
                        file.readClass(item, buffer),
                        tag == FIELD ? name + " " + descriptor : name + descriptor,
                        tag);
            }
        }
    }

    private void lookUp(String user, String owner, String id, int tag) {
        String type = owner.startsWith("[") ? "java/lang/Object" : owner;
        if (POLYMORPHIC.contains(type)) {
            return;
        }
        boolean kind = tag == FIELD
                || classes.find(type)
                        .map(found -> found.is(Opcodes.ACC_INTERFACE) == (tag == INTERFACE_METHOD))
                        .orElse(true);
        boolean found = hierarchy(type).stream()
                .flatMap(each -> each.member(id).filter(member -> mayUse(user, each, member)).stream())
                .findFirst()
                .isPresent();
        if (!kind || !found) {
            broken.add(owner + "." + id);
        }
    }

    /** The class, its ancestors, then all interfaces; those that are there. */
    private Set<ClassFile> hierarchy(String name) {
        Set<ClassFile> all = new LinkedHashSet<>();
        Optional<ClassFile> next = classes.find(name);
        while (next.isPresent()) {
            all.add(next.get());
            next = Optional.ofNullable(next.get().parent()).flatMap(classes::find);
        }
        List<ClassFile> line = List.copyOf(all);
        line.forEach(each -> each.interfaces().forEach(above -> all.addAll(hierarchy(above))));
        return all;
    }

    private static boolean mayUse(String user, ClassFile owner, Member member) {
        if (member.is(Opcodes.ACC_PUBLIC) || member.is(Opcodes.ACC_PROTECTED)) {
            return true;
        }
        return member.is(Opcodes.ACC_PRIVATE)
                ? outermost(user).equals(outermost(owner.name()))
                : packageOf(user).equals(packageOf(owner.name()));
    }

    private static String outermost(String name) {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** A class that can be made has everything that is abstract above it, and overrides nothing that is final. */
    private void lookAtInherited(String name) {
        ClassFile type = classes.find(name).orElseThrow();
        Set<ClassFile> all = hierarchy(name);
        for (ClassFile above : all) {
            for (Member member : above.members()) {
                boolean overridden = !above.equals(type)
                        && type.member(member.id()).isPresent()
                        && !member.is(Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)
                        && !member.id().startsWith("<");
                if (overridden && member.is(Opcodes.ACC_FINAL) && member.id().contains("(")) {
                    broken.add(name + " overrides " + above.name() + "." + member.id());
                }
                boolean made = !type.is(Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE);
                if (made && member.is(Opcodes.ACC_ABSTRACT) && !isImplemented(all, member.id())) {
                    broken.add(name + " lacks " + above.name() + "." + member.id());
                }
            }
        }
    }

    private static boolean isImplemented(Set<ClassFile> all, String id) {
        return all.stream()
                .flatMap(each -> each.member(id).stream())
                .anyMatch(member -> !member.is(Opcodes.ACC_ABSTRACT | Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE));
    }
}
