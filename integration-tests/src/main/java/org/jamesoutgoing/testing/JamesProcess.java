/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A James in a process of its own, so that it can be killed, over a working directory that outlives it.
 *
 * <pre>{@code
 * try (JamesProcess james = JamesProcess.prepare(JamesSetup.james().queue(Queue.ACTIVEMQ))) {
 *     james.start();
 *     …
 *     james.kill();
 *     james.start(); // the ports are new ones
 * }
 * }</pre>
 */
public final class JamesProcess implements AutoCloseable {

    private final Path workingDirectory;
    private final List<String> jvmArguments = new ArrayList<>();
    private Properties ports = new Properties();
    private Process process;

    /** Writes the working directory; nothing runs yet. */
    public static JamesProcess prepare(JamesSetup setup) throws IOException {
        return prepare(setup, Files.createTempDirectory("james-"));
    }

    public static JamesProcess prepare(JamesSetup setup, Path workingDirectory) {
        setup.writeTo(workingDirectory);
        return new JamesProcess(workingDirectory);
    }

    private JamesProcess(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /** More arguments for the JVM from the next start on, {@code -Dname=value} for example. */
    public JamesProcess jvmArguments(String... more) {
        jvmArguments.addAll(List.of(more));
        return this;
    }

    public void clearJvmArguments() {
        jvmArguments.clear();
    }

    public Path workingDirectory() {
        return workingDirectory;
    }

    /** Starts it and waits until it listens. */
    public JamesProcess start() throws IOException {
        Path ready = workingDirectory.resolve(JamesMain.PORTS);
        Files.deleteIfExists(ready);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + workingDirectory.resolve("conf/logback.xml"),
                "-Dworking.directory=" + workingDirectory));
        command.addAll(jvmArguments);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), JamesMain.class.getName(), workingDirectory.toString()));
        File console = workingDirectory.resolve("console.log").toFile();
        process = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console))
                .start();
        Instant deadline = Instant.now().plus(Patience.LIMIT);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                process.destroyForcibly();
                throw new IOException("James does not start: " + console() + log());
            }
            Pause.millis(50);
        }
        ports = new Properties();
        try (InputStream in = Files.newInputStream(ready)) {
            ports.load(in);
        }
        return this;
    }

    public boolean running() {
        return process != null && process.isAlive();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly();
        await(Patience.LIMIT);
    }

    /** A clean stop, as by Ctrl-C. */
    public void stop() {
        process.destroy();
        await(Patience.LIMIT);
    }

    /** Waits until it ends by itself; its exit code. */
    public int awaitEnd(Duration limit) {
        await(limit);
        return process.exitValue();
    }

    private void await(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("James does not end within " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public int smtpPort() {
        return port("smtp");
    }

    public int imapPort() {
        return port("imap");
    }

    public int webadminPort() {
        return port("webadmin");
    }

    private int port(String protocol) {
        String port = ports.getProperty(protocol);
        if (port == null) {
            throw new IllegalStateException(protocol + " is off, or James has not been started");
        }
        return Integer.parseInt(port);
    }

    /** A connection to send mail. */
    public SmtpSender smtp() throws IOException {
        return SmtpSender.connect("127.0.0.1", smtpPort());
    }

    /** Calls webadmin; an empty body is none. */
    public HttpResponse<String> webadmin(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webadminPort() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    /** James's log over all starts. */
    public String log() throws IOException {
        return read("logs/james.log");
    }

    /** What the JVM printed over all starts. */
    public String console() throws IOException {
        return read("console.log");
    }

    private String read(String name) throws IOException {
        Path file = workingDirectory.resolve(name);
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    /** Kills it if it runs, and removes its working directory. */
    @Override
    public void close() throws IOException {
        if (running()) {
            kill();
        }
        TemporaryFiles.delete(workingDirectory);
    }
}
