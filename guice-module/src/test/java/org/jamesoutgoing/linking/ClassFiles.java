/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.linking;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What classes of some JARs and of this JDK declare. Nothing is loaded, so that they may be of a newer Java. */
final class ClassFiles implements Closeable {

    /** A field or method, by its name and descriptor. */
    record Member(String id, int access) {
        boolean is(int flag) {
            return (access & flag) != 0;
        }
    }

    record ClassFile(String name, int access, String parent, List<String> interfaces, List<Member> members) {

        boolean is(int flag) {
            return (access & flag) != 0;
        }

        Optional<Member> member(String id) {
            return members.stream().filter(each -> each.id().equals(id)).findFirst();
        }
    }

    private final List<JarFile> jars = new ArrayList<>();
    private final Map<String, Optional<ClassFile>> read = new HashMap<>();

    /** @param jars the first that has a class counts */
    ClassFiles(List<Path> jars) throws IOException {
        for (Path jar : jars) {
            this.jars.add(new JarFile(jar.toFile()));
        }
    }

    /** @param name {@code java/lang/Object} */
    Optional<ClassFile> find(String name) {
        return read.computeIfAbsent(name, this::read);
    }

    private Optional<ClassFile> read(String name) {
        try (InputStream file = open(name + ".class")) {
            return file == null ? Optional.empty() : Optional.of(declared(new ClassReader(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(String file) throws IOException {
        for (JarFile jar : jars) {
            if (jar.getEntry(file) != null) {
                return jar.getInputStream(jar.getEntry(file));
            }
        }
        return ClassLoader.getPlatformClassLoader().getResourceAsStream(file);
    }

    private static ClassFile declared(ClassReader file) {
        List<Member> members = new ArrayList<>();
        file.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String signature, Object value) {
                        members.add(new Member(name + " " + descriptor, access));
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        members.add(new Member(name + descriptor, access));
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new ClassFile(
                file.getClassName(),
                file.getAccess(),
                file.getSuperName(),
                List.of(file.getInterfaces()),
                List.copyOf(members));
    }

    @Override
    public void close() throws IOException {
        for (JarFile jar : jars) {
            jar.close();
        }
    }
}
