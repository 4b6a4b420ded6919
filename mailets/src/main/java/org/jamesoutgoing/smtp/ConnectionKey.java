/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.net.InetAddress;
import java.util.Optional;

/** What two mails must have in common to share a connection. */
record ConnectionKey(String hostName, int port, ConnectionSettings.Identity identity) {

    static ConnectionKey of(SmtpHost host, ConnectionSettings settings) {
        return new ConnectionKey(host.name(), host.port(), settings.identity());
    }

    Optional<InetAddress> sourceAddress() {
        return identity.sourceAddress();
    }
}
