/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.TrustManager;

/** Takes any certificate: for the TLS modes that encrypt and do not check (RFC 7435). */
public final class TrustEveryone {

    private TrustEveryone() {}

    public static TrustManager[] managers() {
        return InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
    }
}
