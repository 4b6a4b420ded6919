/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.apache.james.ExtraProperties;
import org.jamesoutgoing.testing.JamesSetup.Queue;

/**
 * James as a process of its own, over a working directory that {@link JamesSetup} wrote. When it is ready it writes the
 * ports it listens on to {@code ports.properties} there.
 */
public final class JamesMain {

    static final String PORTS = "ports.properties";

    private JamesMain() {}

    /** Takes the working directory. */
    public static void main(String[] arguments) throws Exception {
        Path workingDirectory = Path.of(arguments[0]).toAbsolutePath();
        System.setProperty("working.directory", workingDirectory.toString());
        System.setProperty(
                "extra.props", workingDirectory.resolve("conf/jvm.properties").toString());
        ExtraProperties.initialize();
        Properties harness = new Properties();
        try (InputStream in = Files.newInputStream(workingDirectory.resolve("conf/harness.properties"))) {
            harness.load(in);
        }
        JamesServer server = JamesServer.startPrepared(
                workingDirectory, Queue.valueOf(harness.getProperty("queue")), JamesSetup.users(harness));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        publishPorts(server, workingDirectory);
    }

    private static void publishPorts(JamesServer server, Path workingDirectory) throws Exception {
        Properties ports = new Properties();
        put(ports, "smtp", server::smtpPort);
        put(ports, "imap", server::imapPort);
        put(ports, "webadmin", server::webadminPort);
        Path unfinished = workingDirectory.resolve(PORTS + ".new");
        try (var out = Files.newOutputStream(unfinished)) {
            ports.store(out, "");
        }
        Files.move(unfinished, workingDirectory.resolve(PORTS), StandardCopyOption.ATOMIC_MOVE);
    }

    private interface PortOf {
        int get();
    }

    private static void put(Properties ports, String name, PortOf port) {
        try {
            ports.setProperty(name, Integer.toString(port.get()));
        } catch (RuntimeException e) {
            // this protocol is off
        }
    }
}
