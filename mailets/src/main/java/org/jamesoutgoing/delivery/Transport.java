/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostConnections;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.MessageContent;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpHost;

/** Brings a mail to one host: {@link SmtpClient}, or in tests something that does not need a network. Thread-safe. */
public interface Transport {

    /** As {@link SmtpClient#deliver(SmtpHost, ConnectionSettings, Envelope, MessageContent, Duration)}. */
    CompletableFuture<HostResult> deliver(
            SmtpHost host, ConnectionSettings settings, Envelope envelope, MessageContent content, Duration patience);

    /**
     * Makes room for others: gives up the tries that have waited longest for a host's answer, none of which may have begun to send
     * its message. They complete with what they know, and {@link HostResult#givenUp()}.
     *
     * @param most how many
     * @param hanging how long each of them must have waited, if not its own patience is less
     */
    void giveUpLongestWaits(int most, Duration hanging);

    /** The connections of now by host name; none when that is not known. */
    default Map<String, HostConnections> connections() {
        return Map.of();
    }

    /** Ends everything under way, with a result. */
    void close();

    static Transport of(SmtpClient client) {
        return new Transport() {
            @Override
            public CompletableFuture<HostResult> deliver(
                    SmtpHost host,
                    ConnectionSettings settings,
                    Envelope envelope,
                    MessageContent content,
                    Duration patience) {
                return client.deliver(host, settings, envelope, content, patience);
            }

            @Override
            public void giveUpLongestWaits(int most, Duration hanging) {
                client.giveUpLongestWaits(most, hanging);
            }

            @Override
            public Map<String, HostConnections> connections() {
                return client.connectionsByHost();
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }
}
