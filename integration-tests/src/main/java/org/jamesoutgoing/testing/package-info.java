/**
 * The harness of the whole-server tests: a James server with the drop-in JAR in its {@code extensions-jars/}, in this JVM
 * or as a process of its own, and the servers it delivers to and asks.
 *
 * <p>Start reading at {@link org.jamesoutgoing.testing.JamesSetup} (what a server is made of),
 * {@link org.jamesoutgoing.testing.JamesServer} and {@link org.jamesoutgoing.testing.ReceivingServer}; real mail servers are {@link org.jamesoutgoing.testing.PeerServer}s.
 *
 * <p>Uses James and the JDK only. Nothing of the extension may be on the class path here: James must load it from the JAR,
 * as it does for an administrator.
 */
package org.jamesoutgoing.testing;
