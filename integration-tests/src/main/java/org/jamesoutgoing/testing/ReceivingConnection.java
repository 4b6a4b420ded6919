/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a {@link ReceivingServer} saw of one connection. Filled while it lasts; safe to read from any thread. */
public final class ReceivingConnection {

    /** One command line and when it came. */
    public record Command(String line, Instant at) {}

    private final int number;
    private final InetAddress client;
    private final Instant opened = Instant.now();
    private final List<Command> commands = new CopyOnWriteArrayList<>();
    private volatile boolean encrypted;
    private volatile boolean open = true;

    ReceivingConnection(int number, InetAddress client) {
        this.number = number;
        this.client = client;
    }

    public int number() {
        return number;
    }

    /** The address the client connected from. */
    public InetAddress client() {
        return client;
    }

    public Instant opened() {
        return opened;
    }

    public List<Command> commands() {
        return List.copyOf(commands);
    }

    public boolean encrypted() {
        return encrypted;
    }

    public boolean open() {
        return open;
    }

    void command(String line) {
        commands.add(new Command(line, Instant.now()));
    }

    void becameEncrypted() {
        encrypted = true;
    }

    void closed() {
        open = false;
    }
}
