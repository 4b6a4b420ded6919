/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What two mails must have in common to share a connection: never one with other credentials, another source address or other
 * TLS than the mail's route asks for.
 */
record ConnectionKey(
        String hostName,
        int port,
        String heloName,
        Optional<InetAddress> sourceAddress,
        TlsSettings tls,
        Optional<Credentials> credentials,
        boolean cleartextAuth,
        Set<String> ignoredExtensions) {

    static ConnectionKey of(SmtpHost host, ConnectionSettings settings) {
        return new ConnectionKey(
                host.name(),
                host.port(),
                settings.heloName(),
                settings.sourceAddress(),
                settings.tls(),
                settings.credentials(),
                settings.cleartextAuth(),
                settings.ignoredExtensions());
    }
}
